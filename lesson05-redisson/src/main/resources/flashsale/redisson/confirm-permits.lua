-- confirm permits
-- Turns a reservation into an order, if it still stands. No clock is asked: a permit that stands in the set has been
-- given to nobody else, however late it is; one that does not stand there may have been sold already.
--
-- KEYS  1  the permits that are reserved, each with the time at which it ends (a sorted set of Redisson's)
--       2  units of each buyer (a hash)
-- ARGV  1  the buyer
--       2… the buyer's permits, one for each unit
-- Replies SOLD; or CONTENDED, and then nothing was written.

for i = 2, #ARGV do
  if not redis.call('ZSCORE', KEYS[1], ARGV[i]) then
    return 'CONTENDED'
  end
end
for i = 2, #ARGV do
  redis.call('ZREM', KEYS[1], ARGV[i]) -- from now on it never ends, and its unit does not come back
end
redis.call('HINCRBY', KEYS[2], ARGV[1], #ARGV - 1)
return 'SOLD'
