package flashsale.redis;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;
import redis.clients.jedis.JedisClientConfig;

/**
 * An ordinary Redisson client of a server, with threads of its own. Needs {@code org.redisson:redisson} on the class
 * path, which the workbench does not bring along.
 */
public final class RedissonConnection implements AutoCloseable {

    private static final int FEW_THREADS = 2;

    /** Seconds. Redisson's own; now and then it keeps a future that is never completed, and waits that long for it. */
    private static final int FOR_WHAT_IS_UNDER_WAY = 2;

    private final RedissonClient client;

    private RedissonConnection(RedissonClient client) {
        this.client = client;
    }

    /** Connects. @throws org.redisson.client.RedisConnectionException if the server does not answer */
    public static RedissonConnection to(RedisServer server) {
        return to(server, config -> {});
    }

    /**
     * Connects.
     *
     * @param settings what else to set, such as a short timeout for the watchdog
     * @throws org.redisson.client.RedisConnectionException if the server does not answer
     */
    public static RedissonConnection to(RedisServer server, Consumer<Config> settings) {
        JedisClientConfig how = server.clientConfig();
        Config config = new Config();
        config.setThreads(FEW_THREADS).setNettyThreads(FEW_THREADS);
        if (how.getPassword() != null) {
            config.setUsername(how.getUser()).setPassword(how.getPassword());
        }
        SingleServerConfig single = config.useSingleServer()
                .setAddress((how.isSsl() ? "rediss://" : "redis://") + address(server) + ":"
                        + server.address().getPort())
                .setDatabase(how.getDatabase())
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionMinimumIdleSize(1)
                .setPingConnectionInterval(0)
                .setDnsMonitoringInterval(-1);
        single.setTimeout((int) RedisServer.TIMEOUT.toMillis());
        settings.accept(config);
        return new RedissonConnection(Redisson.create(config));
    }

    private static String address(RedisServer server) {
        try {
            return InetAddress.getByName(server.address().getHost()).getHostAddress();
        } catch (UnknownHostException e) {
            return server.address().getHost();
        }
    }

    /** The client, until {@link #close}. */
    public RedissonClient client() {
        return client;
    }

    /** Ends the client and its threads. Closing twice does no harm. */
    @Override
    public void close() {
        if (!client.isShutdown()) {
            client.shutdown(0, FOR_WHAT_IS_UNDER_WAY, TimeUnit.SECONDS);
        }
    }
}
