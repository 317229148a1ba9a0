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
import redis.clients.jedis.exceptions.JedisException;

/**
 * A master and two replicas, real servers, and Redisson clients that know them all. Replication is held back by pointing
 * a replica at a port where nobody answers: from then on it has what it had before, and nothing that comes later. What is
 * waited for is a fact that a server or a client reports, with a deadline.
 */
final class Replicated implements AutoCloseable {

    private static final int REPLICAS = 2;
    private static final int SCAN_MILLIS = 50;

    /**
     * How long a client waits for a server's answer who is the master. One that asks just when the master dies learns of
     * that when its patience is over, and looks no further meanwhile; its purchases are more patient.
     */
    private static final int SCAN_PATIENCE_MILLIS = 500;

    /** How often a client tries again. */
    static final int RETRIES = 1;

    private static final Duration BEFORE_A_RETRY = Duration.ofMillis(50);
    private static final String PROMOTED = "promoted";

    private final ServerSocket nobody;
    private final List<EmbeddedRedis> replicas = new ArrayList<>();
    private final List<RedissonClient> clients = new ArrayList<>();
    private final List<Socket> scripts = new ArrayList<>();
    EmbeddedRedis master;

    Replicated() throws IOException {
        nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try {
            makeLikeNew();
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    /**
     * The clients are closed, no replica is busy, each follows the master, and all are empty. Where a master was killed,
     * there is a new one.
     */
    void makeLikeNew() {
        closeClients();
        if (master == null) {
            master = EmbeddedRedis.start("--repl-diskless-sync-delay", "0");
        }
        while (replicas.size() < REPLICAS) {
            replicas.add(EmbeddedRedis.start("--busy-reply-threshold", "1"));
        }
        for (EmbeddedRedis replica : replicas) {
            Await.until("the replica's script has ended", () -> !isBusy(replica) || !endScript(replica));
            Ask.it(
                    replica,
                    redis -> redis.replicaof(
                            master.address().getHost(), master.address().getPort()));
            Await.until(
                    "a replica is connected",
                    () -> Ask.info(replica, "replication").contains("master_link_status:up"));
        }
        // Not before: a replica that has all it needs is not yet online while the master's copying process is about to
        // end.
        Await.until("the master's replicas are online", () -> online() == REPLICAS);
        Ask.it(master, Jedis::flushDB); // FLUSHALL would end such a process, and with it the replica's connection
        Ask.it(master, Jedis::configResetStat);
        for (EmbeddedRedis replica : replicas) {
            Await.until("a replica is empty", () -> Ask.it(replica, Jedis::dbSize) == 0);
        }
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
                .setTimeout((int) RedisServer.TIMEOUT.toMillis())
                .setRetryAttempts(RETRIES)
                .setRetryDelay(new ConstantDelay(BEFORE_A_RETRY))
                .addNodeAddress(url(master));
        replicas.forEach(replica -> all.addNodeAddress(url(replica)));
        servers.accept(all);
        settings.accept(config);
        RedissonClient client = Redisson.create(config);
        clients.add(client);
        ((Redisson) client).getServiceManager().getCfg().useReplicatedServers().setTimeout(SCAN_PATIENCE_MILLIS);
        return client;
    }

    private static String url(RedisServer server) {
        return "redis://" + server.address();
    }

    /** From now on the replica gets nothing more, and the master knows. */
    void holdReplicationBack(EmbeddedRedis from) {
        int before = connectedReplicas();
        Ask.it(from, replica -> replica.replicaof("127.0.0.1", nobody.getLocalPort()));
        Await.until("the master has lost a replica", () -> connectedReplicas() == before - 1);
    }

    /** From now on the replica is connected, and does nothing that it is sent: a script keeps it busy. */
    void keepBusy(EmbeddedRedis replica) throws IOException {
        Socket script =
                new Socket(replica.address().getHost(), replica.address().getPort());
        scripts.add(script);
        script.getOutputStream().write("EVAL \"while true do end\" 0\r\n".getBytes(StandardCharsets.US_ASCII));
        Await.until("the replica is busy", () -> isBusy(replica));
    }

    private static boolean isBusy(EmbeddedRedis replica) {
        try {
            Ask.get(replica, PROMOTED);
            return false;
        } catch (JedisException answer) {
            return String.valueOf(answer.getMessage()).contains("BUSY");
        }
    }

    private static boolean endScript(EmbeddedRedis replica) {
        Ask.it(replica, Jedis::scriptKill);
        return isBusy(replica);
    }

    /** How many replicas the master counts. */
    int connectedReplicas() {
        return Ask.number(master, "replication", "connected_slaves:(\\d+)");
    }

    private long online() {
        return Ask.info(master, "replication")
                .lines()
                .filter(line -> line.contains("state=online"))
                .count();
    }

    /** How often the master was sent this command. @param command in lower case */
    int calls(String command) {
        return Ask.calls(master, command);
    }

    void replicated(EmbeddedRedis to, String key, String value) {
        Await.until(key + " has come to the replica", () -> value.equals(Ask.get(to, key)));
    }

    /** The master is killed with kill -9, this replica takes its place, and these clients have found that out. */
    void failOverTo(EmbeddedRedis promoted, RedissonClient... who) {
        master.close();
        master = null;
        Ask.it(promoted, Jedis::replicaofNoOne);
        Await.until(
                "the replica is the master now",
                () -> Ask.info(promoted, "replication").contains("role:master"));
        for (RedissonClient client : who) {
            Await.until("the client has found the new master", () -> hasFound(client, promoted));
            Await.until("the client writes to the new master", () -> wrote(client, promoted));
        }
    }

    private static boolean hasFound(RedissonClient client, EmbeddedRedis promoted) {
        return ((Redisson) client)
                .getCommandExecutor().getConnectionManager().getEntrySet().stream()
                        .anyMatch(entry -> entry.getClient().getAddr().getPort()
                                == promoted.address().getPort());
    }

    private static boolean wrote(RedissonClient client, EmbeddedRedis promoted) {
        try {
            client.getBucket(PROMOTED, StringCodec.INSTANCE).set("yes");
        } catch (RedisException notYet) {
            return false;
        }
        return "yes".equals(Ask.get(promoted, PROMOTED));
    }

    /** Whether the master lets this key go by itself. */
    boolean hasAnEnd(String key) {
        return Ask.it(master, redis -> redis.pttl(key)) > 0;
    }

    private void closeClients() {
        clients.forEach(RedissonClient::shutdown);
        clients.clear();
        for (Socket script : scripts) {
            try {
                script.close();
            } catch (IOException alreadyGone) {
                // The server has gone, and its connections with it.
            }
        }
        scripts.clear();
    }

    @Override
    public void close() throws IOException {
        closeClients();
        replicas.forEach(EmbeddedRedis::close);
        if (master != null) {
            master.close();
        }
        nobody.close();
    }
}
