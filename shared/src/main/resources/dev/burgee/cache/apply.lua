-- Stores entries that follow the cache's position, in order; skips those that it has; stops at a gap.
-- KEYS: hash, list. ARGV: list length, entry count, then per entry: number, list item, field count, field, value ...
-- Answers the position reached, or nil when the cache shows none.
local at = redis.call('HGET', KEYS[1], '#position')
if not at then
  return false
end
local i = 3
for _ = 1, tonumber(ARGV[2]) do
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
  i = last + 1
end
return at
