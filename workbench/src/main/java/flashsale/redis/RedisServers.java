package flashsale.redis;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * The Redis servers of this JVM: the one that everything talks to, and, for the tests that ask for them, one in a
 * container and a cluster. Each is started once, when it is first asked for, and closed by a shutdown hook.
 */
public final class RedisServers {

    private static RedisServer shared;
    private static RedisUnavailableException failure;
    private static DockerRedis.Attempt container;
    private static EmbeddedCluster cluster;

    private RedisServers() {}

    /**
     * The server that everything talks to. {@code -Dredis} chooses it, else the environment variable {@code REDIS_URL},
     * else it is embedded: {@code embedded}; {@code docker}, with the image {@code -Dredis.image}; or a URL, {@code
     * redis://[user:password@]host:port[/database]}, whose database must be empty unless {@code -Dredis.wipe=true}. If
     * there is no embedded server for this platform, a container takes its place.
     *
     * <p>The first call starts it and prints one line that says which it is. Nobody but the shutdown hook closes it.
     *
     * @return the same server at every call
     * @throws RedisUnavailableException if it cannot be had, at every call again without trying again
     */
    public static synchronized RedisServer shared() {
        if (failure != null) {
            throw new RedisUnavailableException(failure.getMessage(), failure);
        }
        if (shared == null) {
            try {
                shared = start(
                        RedisChoice.of(System.getProperty("redis"), System.getenv("REDIS_URL")),
                        EmbeddedRedis::start,
                        RedisServers::container,
                        Boolean.getBoolean("redis.wipe"));
            } catch (RedisUnavailableException unavailable) {
                failure = unavailable;
                throw unavailable;
            }
            closeAtShutdown(shared::close, shared.description());
            System.out.println(shared.description());
        }
        return shared;
    }

    /**
     * The server in a container, whatever {@code -Dredis} says: {@link DockerRedis#tryStart()}, tried once.
     *
     * @return the same outcome at every call
     */
    public static synchronized DockerRedis.Attempt container() {
        if (container == null) {
            container = DockerRedis.tryStart();
            if (container instanceof DockerRedis.Started started) {
                closeAtShutdown(started.server()::close, started.server().description());
            }
        }
        return container;
    }

    /**
     * A cluster of three embedded servers, whatever {@code -Dredis} says.
     *
     * @return the same cluster at every call; empty, with a line that says so, where there is no binary for the platform
     * @throws RedisUnavailableException if there is one, and the cluster does not start
     */
    public static synchronized Optional<EmbeddedCluster> cluster() {
        if (cluster == null) {
            try {
                cluster = EmbeddedCluster.start();
            } catch (EmbeddedRedis.NoBinaryException noBinary) {
                System.out.println("No cluster: " + noBinary.getMessage());
                return Optional.empty();
            }
            closeAtShutdown(cluster::close, cluster.description());
        }
        return Optional.of(cluster);
    }

    static RedisServer start(
            RedisChoice choice, Supplier<RedisServer> embedded, Supplier<DockerRedis.Attempt> docker, boolean wipe) {
        if (choice instanceof RedisChoice.Remote remote) {
            return RemoteRedis.connect(remote.url(), wipe, RedisServer.TIMEOUT);
        }
        if (choice instanceof RedisChoice.Docker) {
            return docker.get()
                    .orElseThrow(reason -> new RedisUnavailableException(
                            reason + "; or leave -Dredis and REDIS_URL away to use the embedded one"));
        }
        try {
            return embedded.get();
        } catch (EmbeddedRedis.NoBinaryException noBinary) {
            return docker.get()
                    .orElseThrow(reason -> new RedisUnavailableException(
                            noBinary.getMessage() + ". A container was tried instead: " + reason, noBinary));
        }
    }

    private static void closeAtShutdown(Runnable close, String description) {
        Runtime.getRuntime().addShutdownHook(new Thread(close, "close " + description));
    }
}
