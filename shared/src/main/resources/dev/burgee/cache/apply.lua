-- Stores entries that follow the cache's position, in order; skips those that it has; stops at a gap.
-- KEYS: hash, list. ARGV: list length, a moment (epoch ms) at which the last entry was the ledger's end or '', entry count,
-- then per entry: number, list item, field count, field, value ...
-- Answers the position reached, or nil when the cache shows none.
local at = redis.call('HGET', KEYS[1], '#position')
if not at then
  return false
end
local i = 4
local last_number
for _ = 1, tonumber(ARGV[3]) do
  local number, item, fields = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  local first, last = i + 3, i + 2 + 2 * fields
  local step = tonumber(number) - tonumber(at)
  if step > 1 then
    return at
  end
  if step == 1 then
    -- one command, so that no error can part an entry's fields from its position
    if fields > 0 then
      redis.call('HSET', KEYS[1], '#position', number, unpack(ARGV, first, last))
    else
      redis.call('HSET', KEYS[1], '#position', number)
    end
    at = number
    redis.call('RPUSH', KEYS[2], item)
    redis.call('LTRIM', KEYS[2], '-' .. ARGV[1], '-1')
  end
  last_number = number
  i = last + 1
end
-- as confirm.lua does, without another crossing
if ARGV[2] ~= '' and tonumber(at) >= tonumber(last_number) then
  local checked = redis.call('HGET', KEYS[1], '#checked')
  if not checked or tonumber(checked) < tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], '#checked', ARGV[2])
  end
end
return at
