-- Puts a flag back in place of one certain marker.
-- KEYS: hash. ARGV: field, the marker as it is stored, version, value (empty: the flag never existed).
local at = redis.call('HGET', KEYS[1], '#position')
if not at or tonumber(ARGV[3]) > tonumber(at) then
  return 0
end
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
if ARGV[4] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
end
return 1
