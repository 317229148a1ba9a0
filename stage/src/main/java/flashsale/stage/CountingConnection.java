package flashsale.stage;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import redis.clients.jedis.Connection;

/** An ordinary connection that counts the transactions that were aborted. */
final class CountingConnection extends Connection {

    /** What all connections of one client count. */
    static final class Builder extends Connection.Builder {
        private final LongAdder aborted = new LongAdder();

        @Override
        protected Connection createConnection() {
            return new CountingConnection(this);
        }

        long aborted() {
            return aborted.sum();
        }
    }

    private final Builder count;

    private CountingConnection(Builder count) {
        super(count);
        this.count = count;
    }

    /** Jedis reads the reply of EXEC with this; there is none if a watched key was written. */
    @Override
    public List<Object> getObjectMultiBulkReply() {
        List<Object> replies = super.getObjectMultiBulkReply();
        if (replies == null) {
            count.aborted.increment();
        }
        return replies;
    }
}
