package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedissonConnection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;

@DisplayName("RedLock and MultiLock · three masters that know nothing of each other")
class RedLockTest {

    private static final String LOCK = "sale:{concert}:lock";

    private static final List<EmbeddedRedis> SERVERS = new ArrayList<>();

    private final List<RedissonConnection> alices = new ArrayList<>();
    private final List<RedissonConnection> bobs = new ArrayList<>();

    @BeforeAll
    static void start() {
        for (int i = 0; i < 3; i++) {
            SERVERS.add(EmbeddedRedis.start());
        }
    }

    @BeforeEach
    void connect() {
        for (EmbeddedRedis server : SERVERS) {
            Ask.delete(server, LOCK);
            alices.add(RedissonConnection.to(server));
            bobs.add(RedissonConnection.to(server));
        }
    }

    @AfterEach
    void disconnect() {
        alices.forEach(RedissonConnection::close);
        bobs.forEach(RedissonConnection::close);
    }

    @AfterAll
    static void close() {
        SERVERS.forEach(EmbeddedRedis::close);
    }

    private static RLock[] locks(List<RedissonConnection> connections) {
        return connections.stream()
                .map(connection -> connection.client().getLock(LOCK))
                .toArray(RLock[]::new);
    }

    private static RLock multiLock(List<RedissonConnection> connections) {
        return connections.get(0).client().getMultiLock(locks(connections));
    }

    @SuppressWarnings("deprecation") // that is what this page is about
    private static RLock redLock(List<RedissonConnection> connections) {
        RedissonClient any = connections.get(0).client();
        return any.getRedLock(locks(connections));
    }

    private List<Boolean> locked() {
        return SERVERS.stream().map(server -> Ask.has(server, LOCK)).toList();
    }

    @Test
    @Order(1)
    @DisplayName("a MultiLock is had if all of its locks are: one is taken, and the others are given back")
    void multiLockNeedsAll() {
        bobs.get(2).client().getLock(LOCK).lock();

        assertThat(multiLock(alices).tryLock()).isFalse();

        assertThat(locked()).containsExactly(false, false, true);
    }

    @Test
    @Order(2)
    @DisplayName("a RedLock is had if most are: two of three are enough, and then nobody else gets it")
    void redLockNeedsMost() {
        bobs.get(2).client().getLock(LOCK).lock();

        assertThat(redLock(alices).tryLock()).isTrue();

        assertThat(redLock(bobs).tryLock()).isFalse();
    }

    @Test
    @Order(3)
    @DisplayName("Redisson has deprecated its RedLock, and not its MultiLock")
    void isDeprecated() throws ReflectiveOperationException {
        assertThat(RedissonClient.class.getMethod("getRedLock", RLock[].class).isAnnotationPresent(Deprecated.class))
                .isTrue();
        assertThat(RedissonClient.class.getMethod("getMultiLock", RLock[].class).isAnnotationPresent(Deprecated.class))
                .isFalse();
    }

    @Test
    @Order(4)
    @DisplayName(
            "a RedLock's leases end while its holder pauses: another gets it, and there is no token to tell them apart")
    void redLockHasNoToken() {
        RLock hers = redLock(alices);
        assertThat(hers.tryLock()).isTrue();

        SERVERS.forEach(server -> Ask.delete(server, LOCK));

        assertThat(redLock(bobs).tryLock()).isTrue();
        assertThat(hers).isNotInstanceOf(RFencedLock.class);
    }
}
