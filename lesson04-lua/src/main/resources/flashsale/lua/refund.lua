-- refund
-- Gives the units of a refused order back to the stock, once, however often it is called.
--
-- KEYS  1 stock    2 orders: buyer -> units    3 refunded: buyer -> units    4 refunds: the orders given back
-- ARGV  1 order    2 buyer    3 quantity
--
-- Replies 1 if this call gave the units back, and 0 if an earlier one did.
if redis.call('SADD', KEYS[4], ARGV[1]) == 0 then
  return 0
end
if redis.call('HINCRBY', KEYS[2], ARGV[2], -ARGV[3]) <= 0 then
  redis.call('HDEL', KEYS[2], ARGV[2])
end
redis.call('HINCRBY', KEYS[3], ARGV[2], ARGV[3])
if redis.call('EXISTS', KEYS[1]) == 1 then -- a sale that is gone must not come back with these units
  redis.call('INCRBY', KEYS[1], ARGV[3])
end
return 1
