-- atomic purchase
-- Sells units to a buyer, or says why not. Everything that can be refused is refused before the first write, because a
-- script that fails half way is not rolled back.
--
-- KEYS  1  units left
--       2  units of each buyer (a hash)
-- ARGV  1  the buyer
--       2  how many units, from 1
--       3  the most that one buyer may hold, from 1, or 'none'
-- Replies the outcome by its name, or an error; with an error nothing was written.

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

local quantity = whole(ARGV[2], 1)
if not quantity then
  return refuse('quantity', ARGV[2], 'from 1 to 2^53 - 1')
end
local limit = ARGV[3] == 'none' and math.huge or whole(ARGV[3], 1)
if not limit then
  return refuse('limit', ARGV[3], 'from 1 to 2^53 - 1')
end

local units = redis.call('GET', KEYS[1])
if not units then
  return 'NO_SUCH_SALE' -- never "sold out", and never a new sale
end
local stock = whole(units, -MOST)
if not stock then
  return refuse('stock', units, 'between -2^53 and 2^53')
end
if stock < quantity then
  return 'SOLD_OUT' -- most who come to a flash sale are told so; what they hold does not matter to it
end
local recorded = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
local held = whole(recorded, 0)
if not held then
  return refuse('what the buyer holds', recorded, 'from 0 to 2^53 - 1')
end
if held + quantity > limit then
  return 'LIMIT_REACHED'
end
redis.call('DECRBY', KEYS[1], ARGV[2])
redis.call('HINCRBY', KEYS[2], ARGV[1], ARGV[2])
return 'SOLD'
