-- Notes that a position was the ledger's end at some moment, if the cache has reached it; never dates it back.
-- KEYS: hash. ARGV: the end, the moment before it was read (epoch ms).
local at = redis.call('HGET', KEYS[1], '#position')
if not at or tonumber(at) < tonumber(ARGV[1]) then
  return 0
end
local checked = redis.call('HGET', KEYS[1], '#checked')
if checked and tonumber(checked) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], '#checked', ARGV[2])
return 1
