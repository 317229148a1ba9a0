package flashsale.explore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;

/**
 * Stands behind the one client that all instances of a step use: gives each buyer's thread connections of the buyer's
 * own pool, and the explorer's thread the explorer's connection.
 */
final class BuyerConnections implements ConnectionProvider {

    private static final int MOST_PER_BUYER = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

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

    @Override
    public void close() {
        pools.values().forEach(Pool::close);
    }

    /** The connections of one buyer: an ordinary pool. */
    private final class Pool {
        private final List<GatedConnection> made = new ArrayList<>();
        private PooledConnectionProvider provider;

        Connection get() {
            if (provider == null) {
                provider = open();
            }
            GatedConnection connection;
            try {
                connection = (GatedConnection) provider.getConnection();
            } catch (JedisException e) {
                if (e.getCause() instanceof NoSuchElementException) {
                    throw e; // the step holds more connections at once than a small pool has
                }
                throw live.lostServer(e);
            }
            if (!made.contains(connection)) {
                made.add(connection);
            }
            return connection;
        }

        private PooledConnectionProvider open() {
            GenericObjectPoolConfig<Connection> config = new GenericObjectPoolConfig<>();
            config.setMaxTotal(MOST_PER_BUYER);
            config.setMaxWait(PATIENCE);
            config.setJmxEnabled(false);
            GatedConnection.Builder builder = new GatedConnection.Builder(live);
            live.configure(builder);
            return new PooledConnectionProvider(
                    ConnectionFactory.builder()
                            .clientConfig(builder.getClientConfig())
                            .socketFactory(builder.getSocketFactory())
                            .connectionBuilder(builder)
                            .build(),
                    config);
        }

        /** A connection with a watch or an unread reply, or one that was not given back, must not serve again. */
        void tidy() {
            if (provider != null
                    && (provider.getPool().getNumActive() > 0 || made.stream().anyMatch(GatedConnection::isUsed))) {
                close();
            }
        }

        void close() {
            if (provider != null) {
                made.forEach(Connection::disconnect);
                provider.close();
                made.clear();
                provider = null;
            }
        }
    }
}
