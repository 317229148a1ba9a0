package flashsale.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

        /** Whether one of the commands has this name. */
        boolean mentions(String name) {
            return commands.stream()
                    .anyMatch(command -> CommandText.words(command).get(0).equalsIgnoreCase(name));
        }
    }

    private record Ahead(List<String> words, Object reply) {}

    /** The call has sent something else than last time. */
    private static final class Changed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Changed() {
            super(null, null, false, false);
        }
    }

    private Deque<Ahead> ahead;
    private Memory recording;
    private Object next;
    private boolean hasNext;

    private ReadAheadConnection(Builder builder) {
        super(builder);
    }

    /**
     * Makes a call that may be repeated without harm.
     *
     * @param first commands to send before it
     * @param memory what the same call sent last time
     */
    <T> T call(List<CommandArguments> first, Memory memory, Supplier<T> call) {
        List<CommandArguments> all = new ArrayList<>(first);
        all.addAll(memory.commands);
        List<Object> replies = sendAll(all);
        ahead = new ArrayDeque<>();
        for (int i = first.size(); i < all.size(); i++) {
            ahead.add(new Ahead(CommandText.words(all.get(i)), replies.get(i)));
        }
        try {
            T result = call.get();
            if (ahead.isEmpty()) {
                return result;
            }
        } catch (Changed changed) {
            // Made again below.
        } finally {
            ahead = null;
            hasNext = false;
        }
        memory.commands.clear();
        sendAll(first);
        recording = memory;
        try {
            return call.get();
        } finally {
            recording = null;
        }
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
                throw new Changed();
            }
            next = expected.reply();
            hasNext = true;
            return;
        }
        if (recording != null) {
            recording.commands.add(command);
        }
        super.sendCommand(command);
    }

    @Override
    protected Object readProtocolWithCheckingBroken() {
        if (!hasNext) {
            return super.readProtocolWithCheckingBroken();
        }
        hasNext = false;
        if (next instanceof JedisDataException error) {
            throw error;
        }
        return next;
    }

    /** Jedis gives a connection back after each call; this one stays open until {@link #disconnect}. */
    @Override
    public void close() {
        // Nothing to give it back to.
    }
}
