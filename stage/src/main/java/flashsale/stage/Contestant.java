package flashsale.stage;

import flashsale.explore.Explorer;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.redis.RedisServer;
import flashsale.redis.RedissonConnection;
import flashsale.sale.FlashSale;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import java.time.Duration;
import org.redisson.api.RedissonClient;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;

/** A way to spend time on schedules. */
interface Contestant extends AutoCloseable {

    /** Works for about so long. @return schedules a second */
    double round(Duration about);

    @Override
    void close();

    /**
     * The explorer, once it is set up: connecting and starting threads is measured in explorations of one schedule, and
     * taken off.
     */
    final class Exploring implements Contestant {
        private final Explorer explorer;
        private final Step step;
        private final Scenario scenario;
        private int schedules;
        private double setUpMillis;

        Exploring(RedisServer server, Step step, Scenario scenario) {
            this.explorer = Explorer.on(server);
            this.step = step;
            this.scenario = scenario;
        }

        @Override
        public double round(Duration about) {
            long end = System.nanoTime() + about.toNanos();
            long one = 0;
            long all = 0;
            int rounds = 0;
            do {
                long start = System.nanoTime();
                explorer.atMost(1).count(step, scenario);
                long between = System.nanoTime();
                schedules = explorer.count(step, scenario).schedules();
                one += between - start;
                all += System.nanoTime() - between;
                rounds++;
            } while (System.nanoTime() < end);
            setUpMillis = one / 1e6 / rounds;
            return rounds * (schedules - 1) / ((all - one) / 1e9);
        }

        /** How many schedules there are. */
        int schedules() {
            return schedules;
        }

        /** How long an exploration of a single schedule took in the last round. */
        double setUpMillis() {
            return setUpMillis;
        }

        @Override
        public void close() {
            // An exploration closes what it opens.
        }
    }

    /** The same purchases one after the other, with an ordinary client and nobody who orders anything. */
    final class Buying implements Contestant {
        private final RedisClient client;
        private final RedisServer server;
        private RedissonConnection redisson;
        private final Step step;
        private final Scenario scenario;

        Buying(RedisServer server, Step step, Scenario scenario) {
            this.client = server.connect();
            this.server = server;
            this.step = step;
            this.scenario = scenario;
        }

        @Override
        public double round(Duration about) {
            FlashSale sale = step.factory()
                    .apply(SaleContext.of(client, scenario.item()).with(RedissonClient.class, this::redisson));
            return Pace.of(about, () -> {
                sale.open(scenario.stock());
                for (Scenario.Buyer buyer : scenario.buyers()) {
                    for (Purchase purchase : buyer.purchases()) {
                        sale.buy(purchase);
                    }
                }
                sale.books();
            });
        }

        @Override
        public void close() {
            client.close();
            if (redisson != null) {
                redisson.close();
            }
        }

        private RedissonClient redisson() {
            if (redisson == null) {
                redisson = RedissonConnection.to(server);
            }
            return redisson.client();
        }
    }

    /** As many round trips as there are commands, and one to put everything back: no explorer can be faster. */
    final class RoundTrips implements Contestant {
        private final Connection connection;
        private final int trips;

        RoundTrips(RedisServer server, int commands) {
            this.connection = Connection.builder()
                    .socketFactory(new DefaultJedisSocketFactory(server.address(), server.clientConfig()))
                    .clientConfig(server.clientConfig())
                    .build();
            this.trips = commands + 1;
        }

        @Override
        public double round(Duration about) {
            CommandArguments get = new CommandArguments(Command.GET).add("sale:{concert}:stock");
            return Pace.of(about, () -> {
                for (int i = 0; i < trips; i++) {
                    connection.executeCommand(get);
                }
            });
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    /** Counts how often something can be done in a second. */
    final class Pace {
        private Pace() {}

        static double of(Duration about, Runnable schedule) {
            long start = System.nanoTime();
            long end = start + about.toNanos();
            int done = 0;
            do {
                schedule.run();
                done++;
            } while (System.nanoTime() < end);
            return done / ((System.nanoTime() - start) / 1e9);
        }
    }
}
