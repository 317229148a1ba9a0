package flashsale.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import flashsale.explore.Step;
import flashsale.redis.BareConnection;
import flashsale.redis.RedisServer;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.providers.PooledConnectionProvider;

/**
 * The one command that a purchase of a step consists of, taken down from a real purchase, so that the bare client sends
 * the same bytes.
 */
final class Limit implements AutoCloseable {

    private final Taker taker = new Taker();
    private final RedisClient client;
    private final FlashSale sale;
    private final List<byte[]> purchase;
    private final Workload workload;
    private final RedisServer server;

    /** @param step one whose purchase is a single command */
    Limit(Step step, Workload workload, RedisServer server) {
        this.workload = workload;
        this.server = server;
        this.client = RedisClient.builder()
                .connectionProvider(new PooledConnectionProvider(ConnectionFactory.builder()
                        .hostAndPort(server.address())
                        .clientConfig(server.clientConfig())
                        .connectionBuilder(taker.socketFactory(
                                        new DefaultJedisSocketFactory(server.address(), server.clientConfig()))
                                .clientConfig(server.clientConfig()))
                        .build()))
                .build();
        this.sale = step.factory().apply(SaleContext.of(client, Workload.ITEM));
        open(workload.stock());
        sale.buy(new Purchase(BareSeller.BUYER, 1, BareSeller.BUYER + "-1"));
        this.purchase = taker.last;
    }

    /** Makes everything ready for a sale of so many units. */
    void open(int stock) {
        sale.open(stock);
    }

    /** A bare client that sends the purchase. */
    Entrant purchase() {
        return bare(RaceResult.BARE_SCRIPT, purchase);
    }

    /** A bare client that sends the cheapest question that there is. */
    Entrant get() {
        return bare(
                "bare GET",
                List.of(
                        "GET".getBytes(UTF_8),
                        new SaleKeys(Workload.ITEM).stock().getBytes(UTF_8)));
    }

    private Entrant bare(String name, List<byte[]> words) {
        byte[] command = BareConnection.command(words);
        return new Entrant(
                Entrant.THE_LIMIT, name, () -> new BareSeller(() -> open(workload.stock()), command, workload, server));
    }

    /** The purchase, word by word, with {@link BareSeller#BUYER} as the buyer's name. */
    List<byte[]> command() {
        return purchase;
    }

    /** What is left, and who bought. */
    Books books() {
        return sale.books();
    }

    @Override
    public void close() {
        client.close();
    }

    /** Makes connections that take down what they send. */
    private static final class Taker extends Connection.Builder {
        private List<byte[]> last = List.of();

        @Override
        protected Connection createConnection() {
            return new Connection(this) {
                @Override
                public void sendCommand(CommandArguments command) {
                    List<byte[]> words = new ArrayList<>();
                    for (Rawable word : command) {
                        words.add(word.getRaw());
                    }
                    last = words;
                    super.sendCommand(command);
                }
            };
        }
    }
}
