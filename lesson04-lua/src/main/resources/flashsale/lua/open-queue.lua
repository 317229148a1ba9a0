-- open queue
-- Puts units on sale and clears what an earlier sale left, in one step, so that a writer always finds a group to read in.
--
-- KEYS  1  units left
--       2  the order log (a stream)
--       3… what else an earlier sale left
-- ARGV  1  how many units
--       2  the consumer group

redis.call('DEL', unpack(KEYS, 2))
redis.call('XGROUP', 'CREATE', KEYS[2], ARGV[2], '0', 'MKSTREAM')
redis.call('SET', KEYS[1], ARGV[1])
