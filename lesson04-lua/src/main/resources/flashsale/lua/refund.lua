-- refund
-- Gives the units of a refused order back to the stock, once, however often it is called.
--
-- KEYS  1  units left
--       2  units of each buyer (a hash)
--       3  units that each buyer had and gave back (a hash)
--       4  the orders that were given back (a set)
-- ARGV  1  the order
--       2  the buyer
--       3  how many units, from 1
-- Replies 1 if this call gave the units back, and 0 if an earlier one did; or an error, and then nothing was written.

local MOST = 9007199254740991 -- 2^53 - 1: a Lua number is a double, and above this it skips whole numbers

-- A whole number as Redis writes it, or nothing: Redis itself could not count with 007, -0 or 1e3.
local function whole(text, least)
  local number = (text == '0' or string.match(text or '', '^%-?[1-9]%d*$')) and tonumber(text)
  return number and number >= least and number <= MOST and number
end

local function refuse(field, value, wanted)
  return redis.error_reply('ERR ' .. field .. ' is ' .. tostring(value) .. ', but must be a whole number ' .. wanted
    .. '; nothing was written')
end

if not whole(ARGV[3], 1) then
  return refuse('quantity', ARGV[3], 'from 1 to 2^53 - 1')
end
for _, found in ipairs({
  {'stock', redis.call('GET', KEYS[1]) or '0', -MOST},
  {'what the buyer holds', redis.call('HGET', KEYS[2], ARGV[2]) or '0', 0},
  {'what the buyer gave back', redis.call('HGET', KEYS[3], ARGV[2]) or '0', 0},
}) do
  local field, text, least = unpack(found)
  if not whole(text, least) then
    return refuse(field, text, 'that can be counted with')
  end
end

if redis.call('SADD', KEYS[4], ARGV[1]) == 0 then
  return 0
end
if redis.call('HINCRBY', KEYS[2], ARGV[2], '-' .. ARGV[3]) <= 0 then
  redis.call('HDEL', KEYS[2], ARGV[2])
end
redis.call('HINCRBY', KEYS[3], ARGV[2], ARGV[3])
if redis.call('EXISTS', KEYS[1]) == 1 then -- a sale that is gone must not come back with these units
  redis.call('INCRBY', KEYS[1], ARGV[3])
end
return 1
