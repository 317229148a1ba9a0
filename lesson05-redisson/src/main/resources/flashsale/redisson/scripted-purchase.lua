-- purchase once
-- Sells units to a buyer, or says why not; and does what a request id asks for only once: whoever repeats a request gets
-- the answer that was given first. All that can be refused is refused before the first write, because a script that
-- fails half way is not rolled back. Lesson 4 builds it up, step by step.
--
-- KEYS  1  units left
--       2  units of each buyer (a hash)
--       3  what became of this request; a key of its own, so that it can have a time to live of its own
-- ARGV  1  the buyer
--       2  how many units, from 1
--       3  the most that one buyer may hold, from 1, or 'none'
--       4  for how many milliseconds to remember the answer, from 1
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
if not whole(ARGV[4], 1) then
  return refuse('time to live', ARGV[4], 'from 1 to 2^53 - 1')
end

local wish = ARGV[2] .. ' ' .. ARGV[1]
local first = redis.call('GET', KEYS[3])
if first then
  local outcome, before = string.match(first, '^(%S+) (.*)$')
  if before ~= wish then
    return redis.error_reply('ERR this request id stands for another wish, "' .. tostring(before)
      .. '", and not for "' .. wish .. '"; nothing was written')
  end
  return outcome
end

-- A refusal is remembered, too. The buyer was told no and went away; if units come back, and a copy of the request
-- that was held up in the network arrives only then, nobody must be sold what nobody waits for.
local function answer(outcome)
  redis.call('SET', KEYS[3], outcome .. ' ' .. wish, 'PX', ARGV[4])
  return outcome
end

local units = redis.call('GET', KEYS[1])
if not units then
  return 'NO_SUCH_SALE' -- not remembered: the sale may open later, and no memory goes to sales that do not exist
end
local stock = whole(units, -MOST)
if not stock then
  return refuse('stock', units, 'between -2^53 and 2^53')
end
if stock < quantity then
  return answer('SOLD_OUT') -- most who come to a flash sale are told so; what they hold does not matter to it
end
local recorded = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
local held = whole(recorded, 0)
if not held then
  return refuse('what the buyer holds', recorded, 'from 0 to 2^53 - 1')
end
if held + quantity > limit then
  return answer('LIMIT_REACHED')
end
redis.call('DECRBY', KEYS[1], ARGV[2])
redis.call('HINCRBY', KEYS[2], ARGV[1], ARGV[2])
return answer('SOLD')
