package flashsale.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.ClusterKeyword;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A Redis Cluster of three embedded servers, each the master of a third of the slots, without replicas. It starts in
 * about two seconds, since a master that has just started waits that long before it accepts writes. It dies with this
 * JVM, as each {@link EmbeddedRedis} does.
 */
public final class EmbeddedCluster implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final List<EmbeddedRedis> masters;

    private EmbeddedCluster(List<EmbeddedRedis> masters) {
        this.masters = List.copyOf(masters);
    }

    /**
     * Starts three servers, makes them a cluster, and waits until each of them says that the cluster is up, at most 30
     * seconds. {@link RedisServers#cluster()} has one that is started once.
     *
     * @throws RedisUnavailableException if there is no binary for this platform, a server does not start, or the cluster
     *     is not up in time; nothing is left running then
     */
    public static EmbeddedCluster start() {
        List<EmbeddedRedis> masters = new ArrayList<>();
        try {
            for (int i = 0; i < MASTERS; i++) {
                masters.add(EmbeddedRedis.start("--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"));
            }
            EmbeddedCluster cluster = new EmbeddedCluster(masters);
            cluster.introduce();
            cluster.awaitUp();
            return cluster;
        } catch (RuntimeException notUp) {
            masters.forEach(EmbeddedRedis::close);
            throw notUp;
        }
    }

    private void introduce() {
        for (int i = 0; i < MASTERS; i++) {
            try (Connection master = connection(masters.get(i))) {
                int first = SLOTS * i / MASTERS;
                int last = SLOTS * (i + 1) / MASTERS - 1;
                master.executeCommand(cluster("ADDSLOTSRANGE").add(first).add(last));
                master.executeCommand(cluster("SET-CONFIG-EPOCH").add(i + 1));
                for (EmbeddedRedis other : masters.subList(0, i)) {
                    HostAndPort address = other.address();
                    master.executeCommand(cluster(ClusterKeyword.MEET.name())
                            .add(address.getHost())
                            .add(address.getPort()));
                }
            }
        }
    }

    private void awaitUp() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        for (EmbeddedRedis master : masters) {
            try (Connection connection = connection(master)) {
                String info = info(connection);
                while (!isUp(info)) {
                    if (System.nanoTime() > deadline) {
                        throw new RedisUnavailableException("The embedded cluster was not up within "
                                + START_LIMIT.toSeconds() + " s. " + master.description() + " said last:\n" + info);
                    }
                    pause();
                    info = info(connection);
                }
            }
        }
    }

    private static boolean isUp(String info) {
        return info.contains("cluster_state:ok")
                && info.contains("cluster_slots_ok:" + SLOTS)
                && info.contains("cluster_size:" + MASTERS);
    }

    private static String info(Connection connection) {
        return new String((byte[]) connection.executeCommand(cluster("INFO")), StandardCharsets.UTF_8);
    }

    private static CommandArguments cluster(String subcommand) {
        return new CommandArguments(Command.CLUSTER).add(subcommand);
    }

    private static Connection connection(EmbeddedRedis master) {
        return new Connection(master.address(), master.clientConfig());
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("Interrupted while the embedded cluster was starting", interrupted);
        }
    }

    /**
     * Jedis's client for clusters, which finds the master of each command's key by itself. It has no transactions.
     *
     * @return a client; the caller closes it
     */
    public RedisClusterClient connect() {
        return RedisClusterClient.builder()
                .nodes(addresses())
                .clientConfig(config())
                .poolConfig(pool())
                .build();
    }

    /**
     * A client for everything in one slot: all that it does, transactions included, it does at the master that holds
     * this key. It can do so because all keys of a sale share a hash tag, and so a slot. It does not follow a slot that
     * moves to another master.
     *
     * @param key any key of the slot, such as {@code sale:{concert}:stock}
     * @return a client; the caller closes it
     */
    public RedisClient connectToSlotOf(String key) {
        int slot = JedisClusterCRC16.getSlot(key);
        return RedisClient.builder()
                .connectionProvider(new OneSlot(addresses(), config(), pool(), slot))
                .build();
    }

    /** Where the masters listen. */
    public Set<HostAndPort> addresses() {
        return masters.stream().map(EmbeddedRedis::address).collect(Collectors.toSet());
    }

    List<EmbeddedRedis> masters() {
        return masters;
    }

    private JedisClientConfig config() {
        return masters.get(0).clientConfig();
    }

    private static ConnectionPoolConfig pool() {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxWait(RedisServer.TIMEOUT);
        return pool;
    }

    /** One line for humans. */
    public String description() {
        return "Redis Cluster of " + MASTERS + " masters (embedded) on "
                + masters.stream().map(master -> master.address().toString()).collect(Collectors.joining(", "));
    }

    /** Ends the three servers. Closing twice does no harm. */
    @Override
    public void close() {
        masters.forEach(EmbeddedRedis::close);
    }

    /** Connections to the master of one slot, whatever the command. */
    private static final class OneSlot extends ClusterConnectionProvider {

        private final int slot;

        OneSlot(Set<HostAndPort> nodes, JedisClientConfig config, ConnectionPoolConfig pool, int slot) {
            super(nodes, config, pool);
            this.slot = slot;
        }

        @Override
        public Connection getConnection() {
            HostAndPort master = getNode(slot);
            if (master == null) {
                throw new JedisClusterOperationException("no master holds slot " + slot);
            }
            return getConnection(master);
        }

        @Override
        public Connection getConnection(CommandArguments command) {
            return getConnection();
        }
    }
}
