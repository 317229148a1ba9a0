package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.CommonBeginning.Exchange;
import flashsale.explore.CommonBeginning.RepliesDiffer;
import flashsale.explore.CommonBeginning.Sending;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

@DisplayName("What a schedule has in common with the one before is sent to the server at once")
class CommonBeginningTest {

    private static final Scenario TWO =
            Scenario.named("two buyers").stock(2).buyer("Alice", 1).buyer("Bob", 1);

    private final RedisServer server = RedisServers.shared();
    private final Explorer explorer = Explorer.on(server);

    @Nested
    @DisplayName("in a search")
    class InASearch {

        @Test
        @DisplayName("the server executes each command of each schedule")
        void every_command_is_executed() {
            long before = calls("append");

            Exploration all = explorer.count(
                    Sale.step((sale, purchase) -> {
                        sale.redis.append(sale.lock, purchase.buyer());
                        sale.redis.append(sale.lock, purchase.buyer());
                        sale.redis.decrBy(sale.stock, purchase.quantity());
                        return sale.record(purchase);
                    }),
                    TWO);

            assertThat(all.schedules()).isEqualTo(70); // four of eight
            assertThat(calls("append") - before).isEqualTo(all.schedules() * 4L);
        }

        @Test
        @DisplayName(
                "who is told what the server replied to the schedule before, though it replies something else now, buys again")
        void a_reply_with_the_time() {
            Step step = Sale.step((sale, purchase) -> {
                StreamEntryID id = sale.redis.xadd(sale.lock, StreamEntryID.NEW_ENTRY, Map.of("by", purchase.buyer()));
                return sale.redis.xrange(sale.lock, id, id).isEmpty() ? null : sale.record(purchase);
            });

            Exploration all = explorer.count(step, TWO);

            assertThat(all).isEqualTo(explorer.oneByOne().count(step, TWO));
            assertThat(all.verdicts()).doesNotContainKey(Verdict.FAILED);
        }

        @Test
        @DisplayName("a random value is that of this schedule")
        void a_random_value() {
            Step step = Sale.step((sale, purchase) -> {
                String mine = UUID.randomUUID().toString();
                sale.redis.set(sale.lock + purchase.buyer(), mine);
                sale.redis.incr(sale.lock);
                return mine.equals(sale.redis.get(sale.lock + purchase.buyer())) ? sale.record(purchase) : null;
            });

            Exploration all = explorer.count(step, TWO);

            assertThat(all).isEqualTo(explorer.oneByOne().count(step, TWO));
            assertThat(all.verdicts()).doesNotContainKey(Verdict.FAILED);
        }

        @Test
        @DisplayName("a watch stands on the connection of its buyer")
        void a_watch() {
            Step step = Sale.step((sale, purchase) -> {
                try (AbstractTransaction transaction = sale.redis.transaction(false)) {
                    transaction.watch(sale.stock);
                    int left = sale.left();
                    transaction.multi();
                    transaction.set(sale.stock, String.valueOf(left - 1));
                    transaction.hincrBy(sale.orders, purchase.buyer(), 1);
                    return transaction.exec() == null ? Outcome.CONTENDED : Outcome.SOLD;
                }
            });

            Exploration all = explorer.collectingEndStates().count(step, TWO);

            assertThat(all).isEqualTo(explorer.collectingEndStates().oneByOne().count(step, TWO));
            assertThat(all.verdicts()).containsOnlyKeys(Verdict.GAVE_UP);
        }

        @Test
        @DisplayName("a schedule that ends with nothing new is executed, too")
        void nothing_new() {
            Step step = Sale.step((sale, purchase) -> {
                sale.redis.decrBy(sale.stock, purchase.quantity());
                return sale.record(purchase);
            });
            Scenario crash = TWO.oneFault(Fault.CRASH);

            Exploration all = explorer.count(step, crash);

            assertThat(all).isEqualTo(explorer.oneByOne().count(step, crash));
            assertThat(all.verdicts()).containsOnlyKeys(Verdict.LOST_STOCK);
        }

        @Test
        @DisplayName("who is told that a command is queued, though it is refused, buys again")
        void a_command_that_is_not_queued() {
            Step step = Sale.step((sale, purchase) -> {
                sale.redis.incr(sale.lock);
                send(sale, new CommandArguments(Command.MULTI));
                try {
                    send(sale, new CommandArguments(Command.SET).add("a value is missing"));
                    return null;
                } catch (JedisDataException refused) {
                    send(sale, new CommandArguments(Command.DISCARD));
                    return sale.record(purchase);
                } finally {
                    sale.redis.decrBy(sale.stock, purchase.quantity());
                }
            });

            Exploration all = explorer.count(step, TWO);

            assertThat(all).isEqualTo(explorer.oneByOne().count(step, TWO));
            assertThat(all.verdicts()).isEmpty();
        }

        @Test
        @DisplayName("an error is another exception each time")
        void an_error() {
            Step step = Sale.step((sale, purchase) -> {
                sale.redis.incr(sale.lock);
                try (AbstractTransaction transaction = sale.redis.transaction(true)) {
                    transaction.lpush(sale.stock, "no list");
                    ((JedisDataException) transaction.exec().get(0)).initCause(new IllegalStateException());
                }
                try {
                    sale.redis.lpush(sale.stock, "no list");
                } catch (JedisDataException refused) {
                    refused.initCause(new IllegalStateException());
                }
                sale.redis.decrBy(sale.stock, purchase.quantity());
                return sale.record(purchase);
            });

            Exploration all = explorer.prove(step, TWO);

            assertThat(all).isEqualTo(explorer.oneByOne().prove(step, TWO));
            assertThat(all.verdicts()).isEmpty();
        }

        @Test
        @DisplayName("a key with a random name has a lease under the name of this schedule, and so cannot be explored")
        void a_lease_of_a_random_key() {
            Step step = Sale.step((sale, purchase) -> {
                String mine = sale.lock + UUID.randomUUID();
                sale.redis.set(mine, purchase.buyer(), SetParams.setParams().ex(10));
                return sale.redis.exists(mine) ? Outcome.CONTENDED : null;
            });
            Scenario leaseEnds = TWO.oneFault(Fault.LEASE_EXPIRY);

            assertThatThrownBy(() -> explorer.oneByOne().count(step, leaseEnds)).isInstanceOf(DivergedException.class);
            assertThatThrownBy(() -> explorer.count(step, leaseEnds)).isInstanceOf(DivergedException.class);
        }

        private static Object send(Sale sale, CommandArguments command) {
            return sale.redis.executeCommand(new CommandObject<>(command, BuilderFactory.RAW_OBJECT));
        }

        private long calls(String command) {
            try (RedisClient redis = server.connect()) {
                Matcher calls =
                        Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(redis.info("commandstats"));
                return calls.find() ? Long.parseLong(calls.group(1)) : 0;
            }
        }
    }

    @Nested
    @DisplayName("alone")
    class Alone {

        private static final String ONE = "11111111-1111-1111-1111-111111111111";
        private static final String OTHER = "22222222-2222-2222-2222-222222222222";

        private final Connection connection = new Connection(server.address(), server.clientConfig());
        private final CommonBeginning common = new CommonBeginning(connection);

        @BeforeEach
        void wipe() {
            connection.executeCommand(Command.FLUSHDB);
        }

        @AfterEach
        void disconnect() {
            connection.close();
        }

        @Test
        @DisplayName("what is repeated is executed before what is new")
        void in_order() {
            common.begin(OptionalInt.of(0));
            assertThat(send(1, "APPEND", "text", "a")).isEqualTo(1L);
            assertThat(send(2, "APPEND", "text", "b")).isEqualTo(2L);
            wipe();

            common.begin(OptionalInt.of(1));
            assertThat(send(1, "APPEND", "text", "a")).isEqualTo(1L);
            assertThat(text()).isEmpty();
            assertThat(send(2, "APPEND", "text", "c")).isEqualTo(2L);

            assertThat(text()).contains("ac");
        }

        @Test
        @DisplayName("a question is not asked again")
        void questions() {
            common.begin(OptionalInt.of(0));
            ask("GET", "text");
            connection.executeCommand(words("SET", "text", "changed"));

            common.begin(OptionalInt.of(1));

            assertThat(ask("GET", "text")).isNull();
            common.catchUp();
        }

        @Test
        @DisplayName("another reply than the last time is noticed")
        void another_reply() {
            common.begin(OptionalInt.of(0));
            send(1, "APPEND", "text", "a");

            common.begin(OptionalInt.of(1));
            send(1, "APPEND", "text", "a"); // nothing was wiped

            assertThatThrownBy(common::catchUp)
                    .isInstanceOf(RepliesDiffer.class)
                    .hasMessage("APPEND text a had the reply 1, and now has 2");
        }

        @Test
        @DisplayName("a reply holds the random value of this time")
        void random_values() {
            common.begin(OptionalInt.of(0));
            send(1, "SET", "text", ONE);
            send(2, "GET", "text");
            wipe();

            common.begin(OptionalInt.of(2));
            send(1, "SET", "text", OTHER);
            assertThat((byte[]) send(2, "GET", "text"))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(OTHER);
            common.catchUp();

            assertThat(text()).contains(OTHER);
        }

        private Object ask(String... words) {
            return send(1, words, true);
        }

        private Object send(int choice, String... words) {
            return send(choice, words, false);
        }

        private Object send(int choice, String[] words, boolean asks) {
            Sending sending = Sending.of(null, List.of(words(words)), asks);
            Optional<Exchange> repeated = common.repeat(choice, sending);
            if (repeated.isPresent()) {
                return repeated.get().reply().orElse(null);
            }
            Object reply = connection.executeCommand(words(words));
            common.remember(choice, sending, Exchange.of(reply));
            return reply;
        }

        private Optional<String> text() {
            return Optional.ofNullable((byte[]) connection.executeCommand(words("GET", "text")))
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }

        private static CommandArguments words(String... words) {
            CommandArguments command = new CommandArguments(Command.valueOf(words[0]));
            for (int i = 1; i < words.length; i++) {
                command.add(words[i]);
            }
            return command;
        }
    }
}
