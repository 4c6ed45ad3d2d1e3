-- What changed since a reader's position. Only reads, so that replicas answer it.
-- KEYS: hash, list. ARGV: the reader's position, list length, most keys to name, most values to send.
-- Answers {position, checked, home, contiguous, {key ...}, {value ...}}.
local head = redis.call('HMGET', KEYS[1], '#position', '#checked', '#home')
local function answer(contiguous, keys, values)
  return {head[1], head[2], head[3], contiguous, keys, values}
end
if not head[1] then
  return answer(0, {}, {})
end
local from = tonumber(ARGV[1])
local count = tonumber(head[1]) - from
if count < 0 or count > tonumber(ARGV[2]) then
  return answer(0, {}, {})
end
if count == 0 then
  return answer(1, {}, {})
end
local items = redis.call('LRANGE', KEYS[2], -count, -1)
if #items ~= count then
  return answer(0, {}, {})
end
local keys, seen = {}, {}
for i = 1, count do
  -- each number is checked: a list that was lost, or that outlived its hash, must prove nothing
  if tonumber(string.match(items[i], '^%d+')) ~= from + i then
    return answer(0, {}, {})
  end
  for key in string.gmatch(items[i], ' ([^ ]+)') do
    if key == '*' then
      return answer(0, {}, {})
    end
    if not seen[key] then
      seen[key] = true
      keys[#keys + 1] = key
    end
  end
end
if #keys > tonumber(ARGV[3]) then
  return answer(0, {}, {})
end
local values = {}
if #keys > 0 then
  local fields = {}
  for i = 1, math.min(#keys, tonumber(ARGV[4])) do
    fields[i] = 'f:' .. keys[i]
  end
  values = redis.call('HMGET', KEYS[1], unpack(fields))
end
return answer(1, keys, values)
