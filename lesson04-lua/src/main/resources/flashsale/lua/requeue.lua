-- requeue
-- Puts a dead letter back at the end of the order log, when what was wrong has been mended.
--
-- KEYS  1  the dead letters (a stream)
--       2  the order log (a stream)
-- ARGV  1  the id of the dead letter
-- Replies 1 if this call put it back, and 0 if there is no such dead letter.

local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then
  return 0
end
redis.call('XADD', KEYS[2], '*', unpack(found[1][2]))
redis.call('XDEL', KEYS[1], ARGV[1])
return 1
