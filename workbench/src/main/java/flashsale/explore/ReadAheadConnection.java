package flashsale.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The explorer's own connection for what is done before and after every schedule in the same way. It remembers which
 * commands a call sent last time, sends all of them at once, and answers the call from what it has read: opening a sale
 * or reading its books is then one round trip, whatever code the step has for it. If the call sends anything else this
 * time, nothing that was read ahead is used, and the call is made again.
 */
final class ReadAheadConnection extends Connection {

    /** Makes the one connection. */
    static final class Builder extends Connection.Builder {
        @Override
        protected Connection createConnection() {
            return new ReadAheadConnection(this);
        }
    }

    /** The commands that a call sent last time. */
    static final class Memory {
        private final List<CommandArguments> commands = new ArrayList<>();
        private final List<List<String>> words = new ArrayList<>();

        /** The commands, each as its name and arguments. */
        List<List<String>> words() {
            return words;
        }

        boolean isEmpty() {
            return commands.isEmpty();
        }

        private void add(CommandArguments command) {
            commands.add(command);
            words.add(CommandText.words(command));
        }

        private void clear() {
            commands.clear();
            words.clear();
        }
    }

    /** A command that the call is about to send, and what Redis has already replied to it. */
    private record Ahead(List<String> words, Object reply) {}

    /** The call has sent something else than last time. */
    private static final class Changed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Changed() {
            super(null, null, false, false);
        }
    }

    private final Map<Memory, Deque<Ahead>> kept = new HashMap<>();
    private Deque<Ahead> ahead;
    private Memory recording;
    private boolean changed;
    private final Deque<Optional<Object>> replies = new ArrayDeque<>();

    private ReadAheadConnection(Builder builder) {
        super(builder);
    }

    /**
     * A call that is made again and again.
     *
     * @param first commands to send before it
     * @param memory what it sent last time
     */
    record Call(List<CommandArguments> first, Memory memory) {}

    /** Sends all that these calls will send if they send the same as last time, in one round trip. */
    void readAhead(Call... calls) {
        List<CommandArguments> all = new ArrayList<>();
        for (Call call : calls) {
            all.addAll(call.first());
            all.addAll(call.memory().commands);
        }
        Iterator<Object> replies = sendAll(all).iterator();
        for (Call call : calls) {
            call.first().forEach(command -> replies.next());
            Deque<Ahead> expected = new ArrayDeque<>();
            call.memory()
                    .commands
                    .forEach(command -> expected.add(new Ahead(CommandText.words(command), replies.next())));
            kept.put(call.memory(), expected);
        }
    }

    /** Forgets what was read ahead for a call. */
    void forget(Call call) {
        kept.remove(call.memory());
    }

    /**
     * Makes a call from what was read ahead for it.
     *
     * @return the result; empty if the call sent something else than last time
     */
    <T> Optional<T> answer(Call call, Supplier<T> code) {
        ahead = kept.remove(call.memory());
        changed = false;
        try {
            T result = code.get();
            return ahead.isEmpty() && !changed ? Optional.of(result) : Optional.empty();
        } catch (RuntimeException thrown) {
            if (changed) { // perhaps wrapped by the client
                return Optional.empty();
            }
            throw thrown;
        } finally {
            ahead = null;
            replies.clear();
        }
    }

    /** Makes a call that may be repeated without harm, in one round trip if it sends the same as last time. */
    <T> T make(Call call, Supplier<T> code) {
        if (!kept.containsKey(call.memory())) {
            readAhead(call);
        }
        return answer(call, code).orElseGet(() -> {
            call.memory().clear();
            sendAll(call.first());
            recording = call.memory();
            try {
                return code.get();
            } finally {
                recording = null;
            }
        });
    }

    private List<Object> sendAll(List<CommandArguments> commands) {
        commands.forEach(super::sendCommand);
        return commands.isEmpty() ? List.of() : getMany(commands.size());
    }

    @Override
    public void sendCommand(CommandArguments command) {
        if (ahead != null) {
            Ahead expected = ahead.poll();
            if (expected == null || !expected.words().equals(CommandText.words(command))) {
                changed = true;
                throw new Changed();
            }
            replies.add(Optional.ofNullable(expected.reply()));
            return;
        }
        if (recording != null) {
            recording.add(command);
        }
        super.sendCommand(command);
    }

    @Override
    protected Object readProtocolWithCheckingBroken() {
        Optional<Object> reply = replies.poll();
        if (reply == null) {
            return super.readProtocolWithCheckingBroken();
        } else if (reply.orElse(null) instanceof JedisDataException error) {
            throw error;
        }
        return reply.orElse(null);
    }

    /** Jedis gives a connection back after each call; this one stays open until {@link #disconnect}. */
    @Override
    public void close() {
        // Nothing to give it back to.
    }
}
