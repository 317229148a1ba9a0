package flashsale.lua;

import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.XAutoClaimParams;
import redis.clients.jedis.params.XPendingParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntry;

/**
 * What one {@link OrderWriter} does with the stream of orders and what belongs to it. A message that was delivered is
 * <em>pending</em> until it is acknowledged; the group remembers who has it, since when, and how often it was delivered.
 */
final class OrderLog {

    static final String LOG = "order-log";
    static final String GROUP = "order-writers";
    static final String DEAD_LETTERS = "dead-letters";
    static final String REFUNDED = "refunded";
    static final String REFUNDS = "refunds";

    private static final int BATCH = 100;
    private static final Script REFUND = Script.in("refund.lua");
    private static final Script DEAD_LETTER = Script.in("dead-letter.lua");
    private static final Script REQUEUE = Script.in("requeue.lua");

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String log;
    private final String deadLetters;
    private final String name;
    private final Duration patience;

    /** One entry of the stream. */
    record Message(StreamEntryID id, Map<String, String> fields) {

        /** The order that it is about: the id of its first message, which differs if this one was a dead letter once. */
        String order() {
            return fields.getOrDefault("order", id.toString());
        }

        /** A field, or null if the message does not have it. */
        String get(String field) {
            return fields.get(field);
        }

        private static List<Message> of(List<StreamEntry> entries) {
            return entries.stream()
                    .map(entry -> new Message(entry.getID(), entry.getFields()))
                    .toList();
        }
    }

    OrderLog(UnifiedJedis redis, String item, String name, Duration patience) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.log = keys.key(LOG);
        this.deadLetters = keys.key(DEAD_LETTERS);
        this.name = name;
        this.patience = patience;
    }

    /** Takes over what has been pending for too long. One at a time: a message that kills its writer costs no other. */
    List<Message> leftBehind() {
        StreamEntryID oldest = new StreamEntryID(0, 0);
        XAutoClaimParams one = new XAutoClaimParams().count(1);
        return Message.of(redis.xautoclaim(log, GROUP, name, patience.toMillis(), oldest, one)
                .getValue());
    }

    /** The next messages that nobody has had yet, at most {@value #BATCH}. */
    List<Message> unread() {
        XReadGroupParams batch = new XReadGroupParams().count(BATCH);
        var replies = redis.xreadGroup(GROUP, name, batch, Map.of(log, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
        return replies == null ? List.of() : Message.of(replies.get(0).getValue());
    }

    /** How often a message was delivered, this time included; 0 if it is no longer pending. */
    long deliveries(Message message) {
        return redis.xpending(log, GROUP, new XPendingParams(message.id(), message.id(), 1)).stream()
                .mapToLong(pending -> pending.getDeliveredTimes())
                .sum();
    }

    void acknowledge(Message message) {
        redis.xack(log, GROUP, message.id());
    }

    /** Takes the order off the books and gives its units back, unless that was done already. */
    void refund(Message message) {
        REFUND.run(
                redis,
                List.of(keys.stock(), keys.orders(), keys.key(REFUNDED), keys.key(REFUNDS)),
                List.of(message.order(), message.get("buyer"), message.get("quantity")));
    }

    /** Moves a pending message to the dead letters, with everything that is in it, and why. */
    void bury(Message message, String why) {
        Map<String, String> letter = new TreeMap<>(message.fields());
        letter.put("order", message.order());
        letter.put("error", why);
        List<String> arguments = new ArrayList<>(List.of(GROUP, message.id().toString()));
        letter.forEach((field, value) -> arguments.addAll(List.of(field, value)));
        DEAD_LETTER.run(redis, List.of(log, deadLetters), arguments);
    }

    /**
     * Puts a dead letter back at the end of the log.
     *
     * @return whether it was there; somebody else may have done it
     */
    boolean requeue(StreamEntryID letter) {
        return REQUEUE.run(redis, List.of(deadLetters, log), List.of(letter.toString()))
                .equals(1L);
    }
}
