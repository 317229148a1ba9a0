package flashsale.stage;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.explore.Step;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisUnavailableException;
import flashsale.redis.RedissonConnection;
import flashsale.sale.Books;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Repeater;
import flashsale.sale.SaleContext;
import flashsale.sale.Sleeper;
import flashsale.sale.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.redisson.api.RedissonClient;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.providers.PooledConnectionProvider;

/** A step of a lesson, with an ordinary pool of connections, real threads and the real clock. */
final class StepSeller implements Entrant.Seller {

    /** Time for 20,000 buyers who wait for a lock, several times over. */
    static final Duration LONGEST_SALE = Duration.ofMinutes(5);

    private static final Duration NEVER = Duration.ofMillis(-1);

    private final Workload workload;
    private final Duration longestSale;
    private final RedisClient client;
    private final RedisClient observer;
    private final CountingConnection.Builder aborts = new CountingConnection.Builder();
    private final LongAdder polls = new LongAdder();
    private RedissonConnection redisson;
    private final FlashSale sale;

    /** @param longestSale who has had no turn by then is not asked */
    StepSeller(Step step, Workload workload, Duration longestSale, RedisServer server) {
        this.workload = workload;
        this.longestSale = longestSale;
        this.client = client(server);
        this.observer = server.connect();
        Sleeper real = Sleeper.real();
        Sleeper counting = (pause, deadline) -> {
            polls.increment();
            real.sleep(pause, deadline);
        };
        this.sale = step.factory()
                .apply(new SaleContext(
                                client,
                                Workload.item(step),
                                OptionalInt.empty(),
                                InstantSource.system(),
                                counting,
                                Repeater.real())
                        .with(RedissonClient.class, () -> redisson(server)));
    }

    /** Connects when a step asks for it. */
    private RedissonClient redisson(RedisServer server) {
        if (redisson == null) {
            redisson = RedissonConnection.to(
                    server,
                    config -> config.useSingleServer()
                            .setConnectionMinimumIdleSize(workload.connections())
                            .setConnectionPoolSize(workload.connections()));
        }
        return redisson.client();
    }

    /** All connections are there before the sale, and none is ever taken away: nobody connects in the middle of it. */
    private RedisClient client(RedisServer server) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(workload.connections());
        pool.setMaxIdle(workload.connections());
        pool.setMaxWait(RedisServer.TIMEOUT);
        pool.setTimeBetweenEvictionRuns(NEVER);
        ConnectionFactory factory = ConnectionFactory.builder()
                .hostAndPort(server.address())
                .clientConfig(server.clientConfig())
                .connectionBuilder(
                        aborts.socketFactory(new DefaultJedisSocketFactory(server.address(), server.clientConfig()))
                                .clientConfig(server.clientConfig()))
                .build();
        PooledConnectionProvider provider = new PooledConnectionProvider(factory, pool);
        try {
            provider.getPool().addObjects(workload.connections());
        } catch (Exception refused) {
            provider.close();
            throw new RedisUnavailableException(
                    "No " + workload.connections() + " connections to " + server.description() + ": "
                            + refused.getMessage(),
                    refused);
        }
        return RedisClient.builder().connectionProvider(provider).build();
    }

    @Override
    public Lap sale() {
        long waitsBefore = waits();
        Metered metered = new Metered(sale, new ServerMeter(observer));
        CrowdResult result = Crowd.buyers(workload.buyers())
                .threads(workload.connections())
                .within(longestSale)
                .buy(metered, workload.stock());
        int answers = result.sale().wishes().size();
        Set<Verdict> verdicts = result.findings().stream().map(Finding::verdict).collect(Collectors.toSet());
        return new Lap(
                answers,
                result.told().getOrDefault(Outcome.SOLD, 0),
                result.took().toNanos() / 1e9,
                result.latency(),
                metered.load,
                waits() - waitsBefore,
                result.neverAsked().size(),
                verdicts);
    }

    private long waits() {
        return aborts.aborted() + polls.sum();
    }

    @Override
    public void close() {
        if (redisson != null) {
            redisson.close();
        }
        client.close();
        observer.close();
    }

    /** Looks at the server when the sale has been opened, and again before the books are read. */
    private static final class Metered implements FlashSale {
        private final FlashSale sale;
        private final ServerMeter meter;
        private Load load;

        Metered(FlashSale sale, ServerMeter meter) {
            this.sale = sale;
            this.meter = meter;
        }

        @Override
        public void open(int stock) {
            sale.open(stock);
            meter.start();
        }

        @Override
        public Outcome buy(Purchase purchase) {
            return sale.buy(purchase);
        }

        @Override
        public Books books() {
            if (load == null) {
                load = meter.stop();
            }
            return sale.books();
        }
    }
}
