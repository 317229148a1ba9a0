package flashsale.explore;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * What a schedule has in common with the one before: a depth-first search changes the last choice that it can, so most of
 * a schedule is a repetition. Commands that are repeated get the replies of the last time at once; before the first that
 * is new, all of them are sent to the server in one write, in their order, and what it replies is compared with what the
 * buyers were told. So the server executes every command of every schedule, but buyers wait only for what is new. (What
 * the explorer itself only asks is not asked again.)
 *
 * <p>If a reply differs (it may tell the time, or be random), what the buyers did since is worthless: the search starts
 * again, without this.
 */
final class CommonBeginning {

    /**
     * Commands that reach the server together, and count as one.
     *
     * @param on the connection on which they must be sent; null if any will do
     * @param words of all of them
     * @param asks whether they only ask, so that they need not be sent again
     */
    record Sending(GatedConnection on, List<CommandArguments> commands, List<String> words, boolean asks) {

        static Sending of(GatedConnection on, List<CommandArguments> commands, boolean asks) {
            List<String> words = new ArrayList<>();
            commands.forEach(command -> words.addAll(CommandText.words(command)));
            return new Sending(on, commands, words, asks);
        }
    }

    /**
     * What came of them.
     *
     * @param replies one for each, empty for nil; an error stands as a value
     * @param changedNothing whether it was a script that changed nothing
     * @param leases for each key that may have been written, whether it has a lease now, if anybody wants to know
     */
    record Exchange(List<Optional<Object>> replies, boolean changedNothing, Map<String, Boolean> leases) {

        static Exchange of(Object reply) {
            return new Exchange(List.of(Optional.ofNullable(reply)), false, Map.of());
        }

        /** The last reply. */
        Optional<Object> reply() {
            return replies.get(replies.size() - 1);
        }
    }

    /** The server replied something else than it did to the same commands before. */
    static final class RepliesDiffer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RepliesDiffer(String message) {
            super(message);
        }
    }

    /** What was sent in this schedule. @param choice the number of its choice, from 1; 0 before the first */
    private record Sent(int choice, Sending sending, Exchange exchange) {}

    private static final PushConsumerChain NO_PUSHES = null;

    private final Connection server;
    private final List<Sent> sent = new ArrayList<>();
    private final Map<String, String> renamed = new HashMap<>();
    /** How many of what was sent the last time have been repeated so far, and how many of these the server knows of. */
    private int repeatedUpTo;

    private int executedUpTo;
    private boolean off;
    private boolean paused;

    /** @param server the connection on which what is repeated is sent */
    CommonBeginning(Connection server) {
        this.server = server;
    }

    /** From now on nothing is repeated, since it matters on which connection a command is sent, or when. */
    void turnOff() {
        off = true;
    }

    /** Whether buyers may be told what the server has not been asked yet. */
    boolean isOn() {
        return !(off || paused);
    }

    /** What follows until the next schedule begins is no part of this one. */
    void pause() {
        catchUp();
        paused = true;
    }

    /** The next schedule is to be executed command by command. */
    void forget() {
        sent.clear();
    }

    /** A schedule begins. @param choicesInCommon how many of its choices are those of the last one, if that may be used */
    void begin(OptionalInt choicesInCommon) {
        paused = choicesInCommon.isEmpty();
        sent.removeIf(each -> !isOn() || each.choice() > choicesInCommon.getAsInt());
        renamed.clear();
        repeatedUpTo = 0;
        executedUpTo = 0;
    }

    /**
     * What came of this the last time, if it was sent then at the same point. If not, the server has executed all that
     * came before it.
     *
     * @throws RepliesDiffer if what came before it had other replies this time
     */
    Optional<Exchange> repeat(int choice, Sending sending) {
        if (isOn() && repeatedUpTo < sent.size()) {
            Sent last = sent.get(repeatedUpTo);
            if (last.choice() == choice && isRepetition(last.sending().words(), sending.words())) {
                Exchange exchange = retold(last.exchange());
                sent.set(repeatedUpTo, new Sent(choice, sending, exchange));
                repeatedUpTo++;
                return Optional.of(exchange);
            }
        }
        catchUp();
        sent.subList(repeatedUpTo, sent.size()).clear();
        return Optional.empty();
    }

    /** What was no repetition has been sent. */
    void remember(int choice, Sending sending, Exchange exchange) {
        if (isOn()) {
            sent.add(new Sent(choice, sending, exchange));
            repeatedUpTo = sent.size();
            executedUpTo = sent.size();
        }
    }

    /**
     * The server executes all that was only repeated so far.
     *
     * @throws RepliesDiffer if it replies something else than the last time
     */
    void catchUp() {
        Deque<Sent> due = new ArrayDeque<>(sent.subList(executedUpTo, repeatedUpTo));
        executedUpTo = repeatedUpTo;
        due.removeIf(each -> each.sending().asks());
        while (!due.isEmpty()) {
            GatedConnection on = null;
            List<Sent> together = new ArrayList<>();
            while (!due.isEmpty()
                    && (on == null
                            || due.peek().sending().on() == null
                            || due.peek().sending().on() == on)) {
                on = due.peek().sending().on() == null
                        ? on
                        : due.peek().sending().on();
                together.add(due.poll());
            }
            execute(on, together);
        }
    }

    /** One round trip. */
    private void execute(GatedConnection on, List<Sent> together) {
        List<CommandArguments> commands = together.stream()
                .flatMap(each -> each.sending().commands().stream())
                .toList();
        Iterator<Object> replies = (on == null ? send(commands) : on.exchangeUngated(commands)).iterator();
        for (Sent each : together) {
            for (Optional<Object> expected : each.exchange().replies()) {
                Object reply = replies.next();
                if (!same(expected.orElse(null), reply)) {
                    throw new RepliesDiffer(String.join(" ", each.sending().words()) + " had the reply "
                            + CommandText.whole(expected.orElse(null)) + ", and now has " + CommandText.whole(reply));
                }
            }
        }
    }

    private List<Object> send(List<CommandArguments> commands) {
        commands.forEach(server::sendCommand);
        return server.getMany(commands.size());
    }

    private static boolean same(Object one, Object other) {
        if (one instanceof byte[] bytes && other instanceof byte[] otherBytes) {
            return Arrays.equals(bytes, otherBytes);
        } else if (one instanceof List<?> list && other instanceof List<?> otherList) {
            return list.size() == otherList.size()
                    && IntStream.range(0, list.size()).allMatch(i -> same(list.get(i), otherList.get(i)));
        } else if (one instanceof JedisDataException error && other instanceof JedisDataException otherError) {
            return Objects.equals(error.getMessage(), otherError.getMessage());
        }
        return Objects.equals(one, other);
    }

    // ---- random values, which are other ones in every schedule ----

    /** The same command, or the same but for random values; these are then known by their new names. */
    private boolean isRepetition(List<String> last, List<String> now) {
        if (last.equals(now)) {
            return true;
        } else if (!RandomNames.blank(last).equals(RandomNames.blank(now))) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            List<String> before = RandomNames.all(last.get(i));
            List<String> after = RandomNames.all(now.get(i));
            for (int j = 0; j < after.size(); j++) {
                renamed.put(before.get(j), after.get(j));
            }
        }
        return true;
    }

    /** An exchange as a buyer should see it this time. */
    private Exchange retold(Exchange exchange) {
        Map<String, Boolean> leases = new LinkedHashMap<>();
        exchange.leases().forEach((key, leased) -> leases.put(RandomNames.replaced(key, renamed), leased));
        return new Exchange(
                exchange.replies().stream()
                        .map(reply -> reply.map(this::retold))
                        .toList(),
                exchange.changedNothing(),
                leases);
    }

    private Object retold(Object reply) {
        if (reply instanceof List<?> list) {
            return list.stream()
                    .map(each -> each == null ? null : retold(each))
                    .collect(Collectors.toCollection(ArrayList::new));
        } else if (reply instanceof JedisDataException error) {
            return thrownAnew(error);
        }
        return reply instanceof byte[] bytes ? RandomNames.replaced(bytes, renamed) : reply;
    }

    /** The same error as another exception: a step may have given the last one a cause. */
    private static JedisDataException thrownAnew(JedisDataException error) {
        byte[] written = ("-" + error.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8);
        try {
            Protocol.read(new RedisInputStream(new ByteArrayInputStream(written)), NO_PUSHES);
        } catch (JedisDataException another) {
            return another;
        }
        throw new AssertionError("an error is thrown", error);
    }
}
