-- dead letter
-- Moves a message that nobody can process out of the way: to the dead letters, and out of the group's pending list.
--
-- KEYS  1  the order log (a stream)
--       2  the dead letters (a stream)
-- ARGV  1  the consumer group
--       2  the id of the message
--       3… fields and values of the dead letter
-- Replies 1 if this call moved it, and 0 if the message is no longer pending.

if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1) == 0 then
  return 0
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3)) -- first, since it could fail: the message must not be lost then
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return 1
