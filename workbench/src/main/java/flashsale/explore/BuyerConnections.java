package flashsale.explore;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ConnectionProvider;

/**
 * Stands behind the one client that all instances of a step use: gives each buyer's thread connections of the buyer's
 * own, and the explorer's thread the explorer's connection.
 */
final class BuyerConnections implements ConnectionProvider {

    private static final int MOST_PER_BUYER = 4;

    private final LiveSale live;
    private final Connection house;
    private final Thread explorer = Thread.currentThread();
    private final Map<Actor, Pool> pools = new ConcurrentHashMap<>();

    BuyerConnections(LiveSale live, Connection house) {
        this.live = live;
        this.house = house;
    }

    @Override
    public Connection getConnection() {
        Actor actor = Actor.current();
        if (actor != null) {
            return pools.computeIfAbsent(actor, buyer -> new Pool()).get();
        } else if (Thread.currentThread() == explorer) {
            return house;
        }
        throw new IllegalStateException("the thread \"" + Thread.currentThread().getName()
                + "\" uses the client, but is no buyer: the explorer cannot order what it does");
    }

    @Override
    public Connection getConnection(CommandArguments command) {
        return getConnection();
    }

    /** After a schedule: a connection that the next schedule must not find as it is, is closed. */
    void tidy() {
        pools.values().forEach(Pool::tidy);
    }

    /** After a schedule: whether what buyers were told ahead is what the server replies. */
    void checkWhatWasTold() {
        pools.values().forEach(pool -> pool.all.forEach(GatedConnection::checkWhatWasTold));
    }

    @Override
    public void close() {
        pools.values().forEach(Pool::close);
    }

    /**
     * The connections of one buyer. What was given back last is lent out first, as in Jedis' own pool; only the buyer's
     * thread and, between schedules, the explorer's come here, so there is nothing to lock.
     */
    final class Pool {
        private final Set<GatedConnection> all = new HashSet<>();
        private final Deque<GatedConnection> idle = new ArrayDeque<>();

        GatedConnection get() {
            if (!idle.isEmpty()) {
                return idle.pop();
            } else if (all.size() == MOST_PER_BUYER) {
                throw new JedisException("Could not get a resource from the pool: this buyer holds " + all.size()
                        + " connections at once");
            }
            try {
                GatedConnection connection =
                        (GatedConnection) live.configureForBuyer(new GatedConnection.Builder(live, this))
                                .build();
                all.add(connection);
                return connection;
            } catch (JedisException e) {
                throw live.lostServer(e);
            }
        }

        void giveBack(GatedConnection connection) {
            if (connection.isBroken()) {
                connection.disconnect();
                all.remove(connection);
            } else if (!idle.contains(connection)) { // a transaction may be closed twice
                idle.push(connection);
            }
        }

        /** A connection with a watch or an unread reply, or one that was not given back, must not serve again. */
        void tidy() {
            if (idle.size() < all.size() || all.stream().anyMatch(GatedConnection::isUsed)) {
                close();
            }
        }

        void close() {
            all.forEach(Connection::disconnect);
            all.clear();
            idle.clear();
        }
    }
}
