-- dead letter
-- Moves a message that nobody can process out of the way: to the dead letters, and out of the group's pending list.
--
-- KEYS  1 the order log    2 the dead letters, a stream
-- ARGV  1 consumer group    2 id of the message    3… fields and values of the dead letter
--
-- Replies 1 if this call moved it, and 0 if the message is no longer pending.
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return 0
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
return 1
