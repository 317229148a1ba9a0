package flashsale.setnx;

import flashsale.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;

/**
 * The connections of one buyer's client, for tests outside the explorer. Something else can happen just before the buyer
 * sends a certain command: on the buyer's own thread, so that no test has to wait for another. And the client can be
 * moved to another server, as a client is after a failover.
 */
final class HookedConnections implements ConnectionProvider {

    private final Map<String, Runnable> before = new HashMap<>();
    private PooledConnectionProvider connections;

    HookedConnections(RedisServer server) {
        moveTo(server);
    }

    /** An ordinary client over these connections; closing it closes them. */
    RedisClient client() {
        return RedisClient.builder().connectionProvider(this).build();
    }

    void moveTo(RedisServer server) {
        close();
        connections = new PooledConnectionProvider(server.address(), server.clientConfig());
    }

    /**
     * Once, just before the first command that begins so is sent, this happens.
     *
     * @param beginning the command and its first words, such as {@code GET sale:{concert}:stock}; {@code MULTI} for a
     *     transaction
     */
    void before(String beginning, Runnable what) {
        before.put(beginning, what);
    }

    /** Whether all that was to happen before some command has happened. */
    boolean allHappened() {
        return before.isEmpty();
    }

    @Override
    public Connection getConnection() {
        happen("MULTI");
        return connections.getConnection();
    }

    @Override
    public Connection getConnection(CommandArguments command) {
        StringBuilder words = new StringBuilder();
        command.forEach(word ->
                words.append(new String(word.getRaw(), StandardCharsets.UTF_8)).append(' '));
        happen(words.toString());
        return connections.getConnection(command);
    }

    private void happen(String command) {
        for (String beginning : before.keySet()) {
            if (command.startsWith(beginning)) {
                before.remove(beginning).run();
                return;
            }
        }
    }

    @Override
    public void close() {
        if (connections != null) {
            connections.close();
        }
    }
}
