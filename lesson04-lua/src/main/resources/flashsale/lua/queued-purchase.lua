-- queued purchase
-- One purchase, and the message that tells of it, in one step.
--
-- KEYS  1 stock    2 orders: buyer -> units    3 what this request was told    4 the order log, a stream
-- ARGV  1 buyer    2 quantity    3 most units per buyer    4 request id    5 how long to keep the answer, in ms
--
-- Replies the outcome by its name. All that can be refused is refused before the first write, since what a script
-- has written stays written when it fails later.

-- A whole number that Lua's doubles hold exactly, or nil: not 1.5, 1e3, 007, nan, nor anything beyond 2^53.
local function whole(text)
  local number = tonumber(text)
  if number and math.abs(number) <= 2 ^ 53 and string.format('%.0f', number) == text then
    return number
  end
  return nil
end

local function refuse(name, text, wanted)
  return {err = 'ERR ' .. name .. ' is ' .. tostring(text) .. ', but must be ' .. wanted}
end

local quantity, limit, kept = whole(ARGV[2]), whole(ARGV[3]), whole(ARGV[5])
if not quantity or quantity < 1 then
  return refuse('quantity', ARGV[2], 'a whole number from 1 to 2^53')
end
if not limit or limit < 1 then
  return refuse('limit', ARGV[3], 'a whole number from 1 to 2^53')
end
if not kept or kept < 1 then
  return refuse('time to keep the request', ARGV[5], 'whole milliseconds from 1')
end

-- A repeated request is told what it was told first. The same id on another purchase is a mistake of the client.
local purchase = ' ' .. ARGV[2] .. ' ' .. ARGV[1]
local told = redis.call('GET', KEYS[3])
if told then
  local outcome = string.match(told, '^[%u_]+')
  if told ~= outcome .. purchase then
    return refuse('request id', ARGV[4], 'a new one: it stands for another purchase')
  end
  return outcome
end

local stock = redis.call('GET', KEYS[1])
if not stock then
  return 'NO_SUCH_SALE'
end
local remaining = whole(stock)
if not remaining then
  return refuse('stock', stock, 'a whole number up to 2^53')
end
local held = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
if not whole(held) then
  return refuse('units of ' .. ARGV[1], held, 'a whole number up to 2^53')
end

local outcome = 'SOLD'
if remaining < quantity then
  outcome = 'SOLD_OUT'
elseif whole(held) + quantity > limit then
  outcome = 'LIMIT_REACHED'
end

if outcome == 'SOLD' then
  -- First the one write that could fail here, if something else than a stream stood under its key.
  redis.call('XADD', KEYS[4], '*', 'request', ARGV[4], 'buyer', ARGV[1], 'quantity', ARGV[2])
  redis.call('DECRBY', KEYS[1], ARGV[2])
  redis.call('HINCRBY', KEYS[2], ARGV[1], ARGV[2])
end
redis.call('SET', KEYS[3], outcome .. purchase, 'PX', ARGV[5])
return outcome
