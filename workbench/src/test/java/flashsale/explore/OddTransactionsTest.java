package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Sale.Buy;
import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** Purchases tell all that they have seen, so that two schedules with one end state cannot have differed for anybody. */
@DisplayName(
        "Transactions that no textbook has: commands of a transaction where the server refuses them, or queues them")
class OddTransactionsTest {

    private static final Scenario TWO =
            Scenario.named("two buyers").stock(3).buyer("Alice", 1).buyer("Bob", 1);
    private static final Scenario TWICE =
            Scenario.named("Alice twice").stock(4).buyer("Alice", 1, 1).buyer("Bob", 1);

    private final Explorer explorer = Explorer.on(RedisServers.shared()).collectingEndStates();

    static Stream<Arguments> purchases() {
        return Stream.of(
                Arguments.of("UNWATCH and DISCARD without anything", TWO, (Buy) (sale, purchase) -> {
                    String unwatched = send(sale, Command.UNWATCH);
                    String discarded = send(sale, Command.DISCARD);
                    sale.redis.incr(sale.stock);
                    return tell(unwatched, discarded, send(sale, Command.UNWATCH));
                }),
                Arguments.of("a transaction in a transaction", TWO, (Buy) (sale, purchase) -> {
                    send(sale, Command.MULTI);
                    send(sale, Command.INCR, sale.stock);
                    String nested = send(sale, Command.MULTI);
                    return tell(nested, send(sale, Command.EXEC), sale.redis.get(sale.stock));
                }),
                Arguments.of("UNWATCH in a transaction", TWO, (Buy) (sale, purchase) -> {
                    send(sale, Command.WATCH, sale.stock);
                    send(sale, Command.MULTI);
                    String unwatched = send(sale, Command.UNWATCH);
                    send(sale, Command.INCR, sale.stock);
                    return tell(unwatched, send(sale, Command.EXEC), sale.redis.get(sale.stock));
                }),
                Arguments.of("EXEC without a transaction leaves the watch", TWO, (Buy) (sale, purchase) -> {
                    send(sale, Command.WATCH, sale.lock);
                    String refused = send(sale, Command.EXEC);
                    send(sale, Command.MULTI);
                    send(sale, Command.INCR, sale.stock);
                    String executed = send(sale, Command.EXEC);
                    sale.redis.append(sale.lock, "!");
                    return tell(refused, executed);
                }),
                Arguments.of("DISCARD without a transaction leaves the watch", TWO, (Buy) (sale, purchase) -> {
                    send(sale, Command.WATCH, sale.lock);
                    String refused = send(sale, Command.DISCARD);
                    send(sale, Command.MULTI);
                    send(sale, Command.INCR, sale.stock);
                    String executed = send(sale, Command.EXEC);
                    sale.redis.append(sale.lock, "!");
                    return tell(refused, executed);
                }),
                Arguments.of("a watch that is left to the next schedule", TWO, (Buy) (sale, purchase) -> {
                    send(sale, Command.MULTI);
                    send(sale, Command.INCR, sale.stock);
                    String executed = send(sale, Command.EXEC);
                    send(sale, Command.WATCH, sale.stock);
                    return tell(executed, send(sale, Command.EXEC));
                }),
                Arguments.of("a watch from one purchase to the next", TWICE, (Buy) (sale, purchase) -> {
                    long length = sale.redis.append(sale.lock, purchase.buyer());
                    if (length < "AliceBob".length()) {
                        send(sale, Command.WATCH, sale.stock);
                        return Outcome.SOLD;
                    }
                    send(sale, Command.MULTI);
                    send(sale, Command.INCR, sale.stock);
                    return tell(String.valueOf(length), send(sale, Command.EXEC));
                }),
                Arguments.of("two transactions of one buyer at once", TWO, (Buy) (sale, purchase) -> {
                    try (AbstractTransaction one = sale.redis.transaction(false);
                            AbstractTransaction other = sale.redis.transaction(false)) {
                        one.watch(sale.stock);
                        other.watch(sale.lock);
                        one.multi();
                        one.append(sale.lock, purchase.buyer());
                        other.multi();
                        other.incr(sale.stock);
                        return tell(String.valueOf(one.exec()), String.valueOf(other.exec()));
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("purchases")
    void agree(String what, Scenario scenario, Buy buy) {
        Step step = Sale.step(buy);

        Exploration all = explorer.oneByOne().count(step, scenario);

        assertThat(all.finished()).isTrue();
        assertThat(explorer.count(step, scenario)).isEqualTo(all);
        assertThat(explorer.prove(step, scenario).endStates()).isEqualTo(all.endStates());
    }

    @Test
    @DisplayName("a connection with another name serves no other schedule")
    void settings() {
        Step step = Sale.step((sale, purchase) -> {
            String name = send(sale, Command.CLIENT, "GETNAME");
            send(sale, Command.CLIENT, "SETNAME", purchase.buyer());
            return tell(name);
        });

        assertThat(explorer.prove(step, TWO).endStates())
                .singleElement()
                .asString()
                .contains("IllegalStateException: null")
                .doesNotContain("IllegalStateException: Alice", "IllegalStateException: Bob");
    }

    @SuppressWarnings("deprecation") // sendCommand without a key
    private static String send(Sale sale, Command command, String... words) {
        try {
            return text(sale.redis.sendCommand(command, words));
        } catch (JedisDataException refused) {
            return refused.getMessage();
        }
    }

    private static String text(Object reply) {
        if (reply instanceof List<?> list) {
            return list.stream().map(OddTransactionsTest::text).toList().toString();
        }
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    private static Outcome tell(String... seen) {
        throw new IllegalStateException(String.join(" ", seen));
    }
}
