-- article
-- Sells one unit to one buyer, in the way of the article.
--
-- KEYS  1  units left
--       2  the ids of all who bought (a set)
-- ARGV  1  how many units the caller believes to be on sale
--       2  the buyer's id, a number
-- Replies 1 if sold, 0 if sold out.

if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('SET', KEYS[1], ARGV[1]) -- no stock? then the sale has not begun, and begins now
end

if redis.call('GET', KEYS[1]) == '0' then -- anything else is taken for stock, -1 as well
  return 0
end

redis.call('DECR', KEYS[1])
redis.call('SADD', KEYS[2], tonumber(ARGV[2])) -- "user123" is nil: the script ends here, and what it wrote stays
return 1
