-- buy from shard
--
-- One purchase at one shard of a split stock, whole or not at all.
--
-- KEYS[1]  the shard's stock, a whole number
-- KEYS[2]  the shard's orders, a hash from buyer to units; in the same slot as its stock
-- ARGV[1]  the buyer
-- ARGV[2]  how many units, from 1
-- ARGV[3]  what the buyer holds in the shards that were asked before this one
-- ARGV[4]  the most that one buyer may hold in all shards together; 0 if there is no limit
--
-- Replies with a word and with what the buyer holds now, in this shard and in those before it:
-- SOLD, LIMIT_REACHED, SOLD_OUT (this shard has fewer units than wanted), NO_SUCH_SALE (it has no stock at all).

-- A script's writes are not rolled back, so whatever could be wrong is looked at before the first one. Lua's numbers are
-- exact up to 2^53 only.
local function whole(name, text, least)
  local number = string.match(text, '^-?%d+$') and tonumber(text)
  if not number or number < least or number > 9007199254740992 then
    return nil, {err = string.format('ERR %s is "%s", but must be a whole number from %.0f to 2^53', name, text, least)}
  end
  return number
end

local quantity, wrong = whole('quantity', ARGV[2], 1)
if wrong then return wrong end
local before, wrong = whole('held before', ARGV[3], 0)
if wrong then return wrong end
local limit, wrong = whole('limit', ARGV[4], 0)
if wrong then return wrong end
local here, wrong = whole('orders', redis.call('HGET', KEYS[2], ARGV[1]) or '0', 0)
if wrong then return wrong end
local held = before + here

local text = redis.call('GET', KEYS[1])
if not text then
  return {'NO_SUCH_SALE', held}
end
local stock, wrong = whole('stock', text, 0)
if wrong then return wrong end

if limit > 0 and held + quantity > limit then
  return {'LIMIT_REACHED', held}
end
if stock < quantity then
  return {'SOLD_OUT', held}
end
redis.call('DECRBY', KEYS[1], ARGV[2])
redis.call('HINCRBY', KEYS[2], ARGV[1], ARGV[2])
return {'SOLD', held + quantity}
