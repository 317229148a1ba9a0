package flashsale.redisson;

import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.ReplicatedServersConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A master and its replicas, real servers, and Redisson clients that know them all. Replication is held back by pointing
 * a replica at a port where nobody answers: from then on it has what it had before, and nothing that comes later. What is
 * waited for is a fact that a server or a client reports, with a deadline.
 */
final class Replicated implements AutoCloseable {

    private static final int SCAN_MILLIS = 50;
    private static final String PROMOTED = "promoted";

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final ServerSocket nobody;
    private final List<EmbeddedRedis> replicas = new ArrayList<>();
    final EmbeddedRedis master;

    Replicated(int howMany) throws IOException {
        nobody = closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        master = closing(EmbeddedRedis.start("--repl-diskless-sync-delay", "0"));
        for (int i = 0; i < howMany; i++) {
            EmbeddedRedis replica = closing(EmbeddedRedis.start(
                    "--busy-reply-threshold",
                    "1",
                    "--replicaof",
                    master.address().getHost(),
                    String.valueOf(master.address().getPort())));
            replicas.add(replica);
            Await.until(
                    "a replica is connected", () -> info(replica, "replication").contains("master_link_status:up"));
        }
        Await.until("the master knows its replicas", () -> connectedReplicas() == howMany);
    }

    private <T extends AutoCloseable> T closing(T resource) {
        toClose.add(resource);
        return resource;
    }

    EmbeddedRedis replica(int number) {
        return replicas.get(number);
    }

    /** A client that knows all servers and asks them now and then who is the master. */
    RedissonClient client(Consumer<Config> settings, Consumer<ReplicatedServersConfig> servers) {
        Config config = new Config();
        config.setThreads(2).setNettyThreads(2);
        ReplicatedServersConfig all = config.useReplicatedServers()
                .setScanInterval(SCAN_MILLIS)
                .setMasterConnectionMinimumIdleSize(1)
                .setSlaveConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionMinimumIdleSize(1)
                .setPingConnectionInterval(0)
                .setTimeout((int) Await.LIMIT.toMillis())
                .setRetryAttempts(1)
                .setRetryDelay(new ConstantDelay(Duration.ofMillis(SCAN_MILLIS)))
                .addNodeAddress(url(master));
        replicas.forEach(replica -> all.addNodeAddress(url(replica)));
        servers.accept(all);
        settings.accept(config);
        RedissonClient client = Redisson.create(config);
        toClose.add(client::shutdown);
        return client;
    }

    private static String url(RedisServer server) {
        return "redis://" + server.address();
    }

    /** From now on the replica gets nothing more, and the master knows. */
    void holdReplicationBack(EmbeddedRedis from) {
        int before = connectedReplicas();
        try (Jedis one = new Jedis(from.address(), from.clientConfig())) {
            one.replicaof("127.0.0.1", nobody.getLocalPort());
        }
        Await.until("the master has lost a replica", () -> connectedReplicas() == before - 1);
    }

    /** From now on the replica is connected, and does nothing that it is sent: a script keeps it busy. */
    void keepBusy(EmbeddedRedis replica) throws IOException {
        Socket script = closing(
                new Socket(replica.address().getHost(), replica.address().getPort()));
        script.getOutputStream().write("EVAL \"while true do end\" 0\r\n".getBytes(StandardCharsets.US_ASCII));
        Await.until("the replica is busy", () -> isBusy(replica));
    }

    private static boolean isBusy(EmbeddedRedis replica) {
        try {
            get(replica, PROMOTED);
            return false;
        } catch (JedisException answer) {
            return String.valueOf(answer.getMessage()).contains("BUSY");
        }
    }

    int connectedReplicas() {
        return info(master, "replication")
                .lines()
                .filter(line -> line.startsWith("connected_slaves:"))
                .mapToInt(line -> Integer.parseInt(line.substring("connected_slaves:".length())))
                .sum();
    }

    void replicated(EmbeddedRedis to, String key, String value) {
        Await.until(key + " has come to the replica", () -> value.equals(get(to, key)));
    }

    /** The master is killed with kill -9, this replica takes its place, and these clients have found that out. */
    void failOverTo(EmbeddedRedis promoted, RedissonClient... clients) {
        master.close();
        try (Jedis one = new Jedis(promoted.address(), promoted.clientConfig())) {
            one.replicaofNoOne();
        }
        Await.until(
                "the replica is the master now",
                () -> info(promoted, "replication").contains("role:master"));
        for (RedissonClient client : clients) {
            Await.until("the client writes to the new master", () -> wrote(client, promoted));
        }
    }

    private static boolean wrote(RedissonClient client, EmbeddedRedis promoted) {
        try {
            client.getBucket(PROMOTED, StringCodec.INSTANCE).set("yes");
        } catch (RedisException notYet) {
            return false;
        }
        return "yes".equals(get(promoted, PROMOTED));
    }

    static String get(RedisServer server, String key) {
        try (RedisClient client = server.connect()) {
            return client.get(key);
        }
    }

    static boolean has(RedisServer server, String key) {
        try (RedisClient client = server.connect()) {
            return client.exists(key);
        }
    }

    static void delete(RedisServer server, String key) {
        try (RedisClient client = server.connect()) {
            client.del(key);
        }
    }

    static String info(RedisServer server, String section) {
        try (RedisClient client = server.connect()) {
            return client.info(section);
        }
    }

    /** Closes all, in reverse, and then tells what went wrong. */
    @Override
    public void close() {
        IllegalStateException failed = new IllegalStateException("not everything could be closed");
        for (int last = toClose.size() - 1; last >= 0; last--) {
            try {
                toClose.get(last).close();
            } catch (Exception thrown) {
                failed.addSuppressed(thrown);
            }
        }
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }
}
