-- buy from shard
-- As the atomic purchase, at one shard of a split stock. What the buyer holds in other shards is told by the client.
--
-- KEYS  1  units left in this shard
--       2  units that each buyer has from this shard (a hash)
-- ARGV  1  the buyer
--       2  how many units, from 1
--       3  the most that one buyer may hold in all shards together, from 1, or 'none'
--       4  what the buyer holds in the shards that were asked before this one
-- Replies the outcome by its name, and what the buyer holds now in this shard and in those before it; or an error, and
-- with an error nothing was written. SOLD_OUT means that this shard has fewer units than wanted.

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

local before = whole(ARGV[4], 0)
if not before then
  return refuse('what the buyer holds elsewhere', ARGV[4], 'from 0 to 2^53 - 1')
end
local recorded = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
local here = whole(recorded, 0)
if not here then
  return refuse('what the buyer holds', recorded, 'from 0 to 2^53 - 1')
end
local held = before + here

local units = redis.call('GET', KEYS[1])
if not units then
  return {'NO_SUCH_SALE', held}
end
local stock = whole(units, -MOST)
if not stock then
  return refuse('stock', units, 'between -2^53 and 2^53')
end

if held + quantity > limit then -- before the stock: at the limit there is no need to ask the other shards
  return {'LIMIT_REACHED', held}
end
if stock < quantity then
  return {'SOLD_OUT', held}
end
redis.call('DECRBY', KEYS[1], ARGV[2])
redis.call('HINCRBY', KEYS[2], ARGV[1], ARGV[2])
return {'SOLD', held + quantity}
