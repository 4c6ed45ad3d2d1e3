-- Puts a loaded hash in place, if it is whole and newer than what is there; else throws it away.
-- KEYS: hash, list, the loaded hash. ARGV: its position, its field count.
local whole = redis.call('HLEN', KEYS[3]) == tonumber(ARGV[2])
local at = redis.call('HGET', KEYS[1], '#position')
if not whole or (at and tonumber(at) >= tonumber(ARGV[1])) then
  redis.call('DEL', KEYS[3])
  return 0
end
redis.call('PERSIST', KEYS[3])
redis.call('RENAME', KEYS[3], KEYS[1])
redis.call('DEL', KEYS[2])
return 1
