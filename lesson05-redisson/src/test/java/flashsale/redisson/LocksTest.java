package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedissonConnection;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import redis.clients.jedis.RedisClient;

/** Outside the explorer: a server of its own, ordinary clients, and threads that wait for facts which the server reports. */
@DisplayName("Locks · what interviewers ask about Redisson's")
class LocksTest {

    private static final String LOCK = "sale:{concert}:lock";
    private static final String QUEUE = "redisson_lock_queue:" + LOCK;
    private static final int LIMIT_SECONDS = 20;

    /** So long that no lease ends by itself, on however slow a machine. */
    private static final long LEASE_SECONDS = 3600;

    private static EmbeddedRedis server;

    private final RedisClient redis = server.connect();
    private final RedissonConnection redisson =
            RedissonConnection.to(server, config -> config.setUseScriptCache(false)); // each script is one EVAL
    private final ExecutorService others = Executors.newCachedThreadPool();

    @BeforeAll
    static void start() {
        server = EmbeddedRedis.start();
    }

    @BeforeEach
    void empty() {
        redis.flushAll();
    }

    @AfterEach
    void closeClients() {
        others.shutdownNow();
        redisson.close();
        redis.close();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private RLock lock() {
        return lock(false);
    }

    private RLock lock(boolean fenced) {
        RedissonClient client = redisson.client();
        return fenced ? client.getFencedLock(LOCK) : client.getLock(LOCK);
    }

    @Order(1)
    @ParameterizedTest(name = "fenced: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("an RLock is reentrant: it counts for each thread of each client, and is free when all was given back")
    void isReentrant(boolean fenced) throws Exception {
        RLock lock = lock(fenced);

        lock.lock();
        lock.lock();

        assertThat(lock.getHoldCount()).isEqualTo(2);
        String thisThread =
                redisson.client().getId() + ":" + Thread.currentThread().getId();
        assertThat(redis.hgetAll(LOCK)).containsExactly(entry(thisThread, "2"));
        lock.unlock();
        assertThat(others.submit(() -> lock(fenced).tryLock()).get(LIMIT_SECONDS, TimeUnit.SECONDS))
                .isFalse();
        lock.unlock();
        assertThat(redis.exists(LOCK)).isFalse();
    }

    @Test
    @Order(2)
    @DisplayName("so a purchase inside a purchase goes through, where lesson 3 waits for itself")
    void purchaseInsideAPurchase() {
        HookedRedisson hooked = new HookedRedisson(redisson.client());
        WatchdogLock sale = new WatchdogLock(hooked.client(), "concert");
        sale.open(2);
        List<Outcome> inner = new ArrayList<>();
        hooked.before("a batch", () -> inner.add(sale.buy(new Purchase("Alice", 1, "Alice-2"))));

        assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.SOLD);

        assertThat(inner).containsExactly(Outcome.SOLD);
        assertThat(redis.exists(LOCK)).isFalse();
    }

    @Order(3)
    @ParameterizedTest(name = "fenced: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("who waits for an RLock subscribes: three scripts in all, however long the wait")
    void waitsForAMessage(boolean fenced) throws Exception {
        RLock lock = lock(fenced);
        lock.lock(LEASE_SECONDS, TimeUnit.SECONDS);
        int before = scripts();
        Future<?> waiter = others.submit(() -> take(fenced));
        Await.until("the waiter has subscribed", () -> Ask.number(server, "stats", "pubsub_channels:(\\d+)") == 1);
        Await.until("it has looked once more", () -> scripts() == before + 2);

        // Who polls every 10 ms, as lesson 3 does, sends 30 commands meanwhile.
        Await.until("300 ms have passed", () -> redis.pttl(LOCK) < LEASE_SECONDS * 1000 - 300);

        assertThat(scripts()).isEqualTo(before + 2);
        lock.unlock();
        waiter.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(scripts() - before).as("two looks, one unlock, one grant").isEqualTo(4);
    }

    private void take(boolean fenced) {
        if (fenced) {
            redisson.client().getFencedLock(LOCK).tryLockAndGetToken(LEASE_SECONDS, LEASE_SECONDS, TimeUnit.SECONDS);
        } else {
            lock().lock(LEASE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private int scripts() {
        return Ask.calls(server, "eval");
    }

    @Test
    @Order(4)
    @DisplayName("a fair lock grants in the order of asking: the queue stands in Redis")
    void fairLocksGrantInOrder() throws Exception {
        RLock lock = redisson.client().getFairLock(LOCK);
        List<String> granted = new CopyOnWriteArrayList<>();
        lock.lock();
        List<Future<?>> waiting = new ArrayList<>();
        for (String buyer : List.of("Bob", "Carol", "Dave")) {
            waiting.add(others.submit(() -> {
                RLock theirs = redisson.client().getFairLock(LOCK);
                theirs.lock();
                granted.add(buyer);
                theirs.unlock();
            }));
            Await.until(buyer + " stands in the queue", () -> redis.llen(QUEUE) == waiting.size());
        }

        lock.unlock();
        for (Future<?> each : waiting) {
            each.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        assertThat(granted).containsExactly("Bob", "Carol", "Dave");
    }

    @Test
    @Order(5)
    @DisplayName("a lock has the lease that it was asked for, and without one the watchdog's, which is 30 seconds")
    void theLeaseThatIsAsked() {
        assertThat(new Config().getLockWatchdogTimeout()).isEqualTo(30_000);

        lock().lock(LEASE_SECONDS, TimeUnit.SECONDS);
        assertThat(Duration.ofMillis(redis.pttl(LOCK)))
                .isBetween(Duration.ofSeconds(31), Duration.ofSeconds(LEASE_SECONDS));
        lock().unlock();

        lock().lock();
        assertThat(Duration.ofMillis(redis.pttl(LOCK))).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        lock().unlock();
    }

    @Order(6)
    @ParameterizedTest(name = "fenced: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("an unlock that comes late frees nobody else's lock, not even another thread's of the same process")
    void lateUnlock(boolean fenced) throws Exception {
        RLock lock = lock(fenced);
        lock.lock(LEASE_SECONDS, TimeUnit.SECONDS);
        redis.del(LOCK); // the lease ends
        others.submit(() -> lock.lock(LEASE_SECONDS, TimeUnit.SECONDS)).get(LIMIT_SECONDS, TimeUnit.SECONDS);

        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("not locked by current thread");

        assertThat(redis.exists(LOCK)).isTrue();
    }
}
