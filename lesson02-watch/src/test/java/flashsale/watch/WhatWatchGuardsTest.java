package flashsale.watch;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;

/** What Redis itself does, without any step: two clients, one of whom watches a key while the other does something. */
@DisplayName("What WATCH guards")
@Timeout(30)
class WhatWatchGuardsTest {

    private static final long LEASE_MILLIS = 500;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final RedisServer server = RedisServers.shared();
    private final RedisClient watcher = server.connect();
    private final RedisClient other = server.connect();

    @BeforeEach
    void reset() {
        other.del("watched", "hash", "missing", "result");
        other.set("watched", "1");
        other.hset("hash", "Alice", "1");
    }

    @AfterEach
    void close() {
        other.del("watched", "hash", "missing", "result");
        watcher.close();
        other.close();
    }

    /** Whether EXEC does nothing if this happens between WATCH and MULTI. */
    private boolean aborts(String key, Consumer<RedisClient> meanwhile) {
        try (AbstractTransaction transaction = watcher.transaction(false)) {
            transaction.watch(key);
            meanwhile.accept(other);
            transaction.multi();
            transaction.set("result", "done");
            boolean aborted = transaction.exec() == null;
            assertThat(other.exists("result")).isEqualTo(!aborted);
            return aborted;
        }
    }

    @Test
    @Order(1)
    @DisplayName("nothing, while everybody only reads, or writes elsewhere")
    void readsDoNotMatter() {
        assertThat(aborts("watched", redis -> redis.get("watched"))).isFalse();
        assertThat(aborts("watched", redis -> redis.hset("hash", "Bob", "1"))).isFalse();
    }

    @Test
    @Order(2)
    @DisplayName("that nobody writes the key: the same value again, or away and back, is a write, so there is no ABA")
    void writesMatterAndNotValues() {
        assertThat(aborts("watched", redis -> redis.set("watched", "1"))).isTrue();
        assertThat(aborts("watched", redis -> {
                    redis.decr("watched");
                    redis.incr("watched");
                }))
                .isTrue();
    }

    @Test
    @Order(3)
    @DisplayName("the whole key: another field of a watched hash is enough")
    void theWholeKey() {
        assertThat(aborts("hash", redis -> redis.hset("hash", "Bob", "1"))).isTrue();
    }

    @Test
    @Order(4)
    @DisplayName("a key that does not exist: creating it is a write; deleting one is, too")
    void comingAndGoing() {
        assertThat(aborts("missing", redis -> redis.set("missing", "1"))).isTrue();
        assertThat(aborts("watched", redis -> redis.del("watched"))).isTrue();
    }

    @Test
    @Order(5)
    @DisplayName("against oneself as well: the watcher's own write before MULTI is a write")
    void ownWrites() {
        try (AbstractTransaction transaction = watcher.transaction(false)) {
            transaction.watch("watched");
            transaction.set("watched", "2");
            transaction.multi();
            transaction.set("result", "done");
            assertThat(transaction.exec()).isNull();
        }
    }

    @Test
    @Order(6)
    @DisplayName("a key that expires: the transaction aborts")
    void expiry() {
        try (Connection connection = new Connection(server.address(), server.clientConfig())) {
            connection.sendCommand(Command.SET, "watched", "1", "PX", String.valueOf(LEASE_MILLIS));
            connection.sendCommand(Command.WATCH, "watched");
            connection.sendCommand(Command.GET, "watched");
            List<Object> alive = connection.getMany(3);
            assertThat(alive.get(2)).as("what is watched, while it lives").isNotNull();

            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (other.exists("watched") && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }

            connection.sendCommand(Command.MULTI);
            connection.sendCommand(Command.SET, "result", "done");
            connection.sendCommand(Command.EXEC);
            assertThat(connection.getMany(3).get(2)).as("EXEC").isNull();
        }
    }

    @Test
    @Order(7)
    @DisplayName("and what a transaction guards: nobody sees any of its writes before EXEC")
    void nothingBeforeExec() {
        try (AbstractTransaction transaction = watcher.transaction(true)) {
            transaction.set("result", "half");
            transaction.set("result", "done");
            assertThat(other.exists("result")).isFalse();
            assertThat(transaction.exec()).containsExactly("OK", "OK");
            assertThat(other.get("result")).isEqualTo("done");
        }
    }
}
