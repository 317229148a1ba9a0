package flashsale.redis;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * A server of the reader's own, named by a URL. The workbook only takes a database that is empty, or that it was told
 * to empty, and touches no other database of that server.
 */
public final class RemoteRedis implements RedisServer {

    private static final String INSTEAD = ", or leave -Dredis and REDIS_URL away to use the embedded one";

    private final RedisUrl url;
    private final JedisClientConfig config;
    private final String description;

    private RemoteRedis(RedisUrl url, JedisClientConfig config, String version) {
        this.url = url;
        this.config = config;
        this.description = "Redis " + version + " (remote" + (url.tls() ? " with TLS" : "") + ", database "
                + url.database() + ") on " + url.address();
    }

    /**
     * Connects to a server. Looking up its name, connecting to one of its addresses and waiting for one reply are each
     * given up after {@link RedisServer#TIMEOUT}.
     *
     * @param url {@code redis://[user:password@]host[:port][/database]}, or {@code rediss://} for TLS; the port is 6379
     *     and the database 0 unless named, and special characters of user and password are percent-encoded
     * @param wipe whether a database that is not empty is emptied, by {@code FLUSHDB} of that database alone
     * @return a server whose selected database is empty
     * @throws RedisUnavailableException if the text is no such URL, if nothing answers there, if the server refuses the
     *     user, the password or the database, or if the database is not empty and {@code wipe} is false; nothing has
     *     been written then
     */
    public static RemoteRedis connect(String url, boolean wipe) {
        return connect(RedisUrl.parse(url), wipe, TIMEOUT);
    }

    static RemoteRedis connect(RedisUrl url, boolean wipe, Duration timeout) {
        resolve(url, timeout);
        JedisClientConfig config = Clients.config(timeout)
                .user(url.user())
                .password(url.password())
                .database(url.database())
                .sslOptions(url.tls() ? SslOptions.defaults() : null)
                .build();
        // One plain connection: a pool would knock twice at a door that nobody opens.
        try (Jedis client = new Jedis(url.address(), config)) {
            String version = Clients.version(client.info("server"));
            long keys = client.dbSize();
            if (keys > 0 && !wipe) {
                throw notEmpty(url, keys);
            }
            if (keys > 0) {
                client.flushDB();
            }
            return new RemoteRedis(url, config, version);
        } catch (JedisException failure) {
            throw explain(url, failure);
        }
    }

    /** A name look-up has no time limit of its own; what it found is remembered for the connection that follows. */
    private static void resolve(RedisUrl url, Duration timeout) {
        String host = url.address().getHost();
        try {
            Bounded.call(timeout, "look-up of " + host, () -> InetAddress.getAllByName(host));
        } catch (ExecutionException unknown) {
            throw new RedisUnavailableException(
                    "No Redis at " + url + ": the host " + host + " is unknown. Correct the URL" + INSTEAD, unknown);
        } catch (TimeoutException slow) {
            throw new RedisUnavailableException(
                    "No Redis at " + url + ": the name " + host + " could not be looked up within "
                            + timeout.toSeconds() + " s. Check the network" + INSTEAD,
                    slow);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("Interrupted while connecting to " + url, interrupted);
        }
    }

    private static RedisUnavailableException notEmpty(RedisUrl url, long keys) {
        return new RedisUnavailableException("The database at " + url + " is not empty: it holds " + keys
                + (keys == 1 ? " key" : " keys") + ", and nothing was changed. Name an empty database (…/1), or say"
                + " -Dredis.wipe=true to delete everything in this one" + INSTEAD);
    }

    private static RedisUnavailableException explain(RedisUrl url, JedisException failure) {
        if (failure instanceof JedisDataException) {
            // Not passed on as a cause: an old server repeats the command that it refuses, password and all.
            String answer = String.valueOf(failure.getMessage());
            String safe = url.password() == null ? answer : answer.replace(url.password(), "***");
            return new RedisUnavailableException("Redis at " + url + " refused the workbook (" + safe
                    + "). Check user, password and database in the URL" + INSTEAD);
        }
        return new RedisUnavailableException(
                "No Redis at " + url + ": " + origin(failure).getMessage() + ". Start the server or correct the URL"
                        + INSTEAD,
                failure);
    }

    /** Jedis wraps what happened, or hangs it on as suppressed, one failure for each address of the host. */
    private static Throwable origin(Throwable failure) {
        if (failure.getCause() != null) {
            return origin(failure.getCause());
        }
        return failure.getSuppressed().length == 0 ? failure : origin(failure.getSuppressed()[0]);
    }

    @Override
    public HostAndPort address() {
        return url.address();
    }

    @Override
    public JedisClientConfig clientConfig() {
        return config;
    }

    @Override
    public String description() {
        return description;
    }

    /**
     * Deletes the keys of the workbook's sales, so that the next run finds the database as empty as this one did. Keys
     * of other names came from somebody else and stay. A server that no longer answers is left alone.
     */
    @Override
    public void close() {
        try (Jedis client = new Jedis(url.address(), config)) {
            ScanParams sales = new ScanParams().match("sale:*").count(1000);
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> page = client.scan(cursor, sales);
                if (!page.getResult().isEmpty()) {
                    client.del(page.getResult().toArray(String[]::new));
                }
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        } catch (JedisException gone) {
            // Nothing to tidy, or nobody to ask.
        }
    }
}
