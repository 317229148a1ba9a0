package flashsale.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A connection of ordinary Jedis code that stops before each command until the explorer lets it happen. All of Jedis'
 * many ways to send a command end in {@link #sendCommand(CommandArguments)}, on the thread of the buyer.
 *
 * <p>A command is executed, and its reply read, before {@code sendCommand} returns: in a pipeline Jedis itself would
 * only fill a buffer, and the order in which the server gets the commands would be left to luck. What is local to the
 * connection ({@code MULTI}, what is queued, {@code UNWATCH}, {@code DISCARD}) is no scheduling point: nobody else can
 * notice when it happens.
 */
class GatedConnection extends Connection {

    private static final Set<String> LOCAL = Set.of("MULTI", "UNWATCH", "DISCARD");
    private static final Set<String> REFUSED = Set.of("SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "WAIT");

    /** Makes the connections of one buyer. */
    static class Builder extends Connection.Builder {
        private final LiveSale live;
        private final BuyerConnections.Pool pool;

        Builder(LiveSale live, BuyerConnections.Pool pool) {
            this.live = live;
            this.pool = pool;
        }

        @Override
        protected Connection createConnection() {
            return new GatedConnection(this);
        }
    }

    private final LiveSale live;
    private final BuyerConnections.Pool pool;
    private boolean handshakeDone;
    private boolean ungated;
    private boolean inTransaction;
    private boolean sent;
    private int unread;
    private final Deque<Optional<Object>> replies = new ArrayDeque<>();
    private final Set<String> watched = new HashSet<>();
    private final List<List<String>> queued = new ArrayList<>();

    GatedConnection(Builder builder) {
        super(builder);
        this.live = builder.live;
        this.pool = builder.pool;
    }

    /** Whether a WATCH is alive, or something was sent and not read: then it must not serve another schedule. */
    boolean isUsed() {
        return !watched.isEmpty() || inTransaction || unread > 0 || !replies.isEmpty();
    }

    @Override
    protected void initializeFromClientConfig(JedisClientConfig config) {
        super.initializeFromClientConfig(config);
        handshakeDone = true;
    }

    @Override
    public void sendCommand(CommandArguments command) {
        if (!handshakeDone || ungated) {
            super.sendCommand(command);
            return;
        }
        Actor actor = Actor.current();
        actor.checkNotStopped();
        List<String> words = CommandText.words(command);
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (command.isBlocking() || REFUSED.contains(name)) {
            throw live.refuse(actor.getName() + " sent " + name
                    + ", which makes the server keep a buyer waiting; the explorer cannot order that");
        }
        if (LOCAL.contains(name)) {
            local(name, command);
        } else if (inTransaction && !name.equals("EXEC")) {
            queued.add(words);
            later(command);
        } else {
            hold(actor, name, words, command);
        }
    }

    private void local(String name, CommandArguments command) {
        later(command);
        queued.clear();
        inTransaction = name.equals("MULTI");
        if (!inTransaction) {
            watched.clear();
        }
    }

    private void later(CommandArguments command) {
        super.sendCommand(command);
        sent = true;
        unread++;
    }

    private void hold(Actor actor, String name, List<String> words, CommandArguments command) {
        int line = live.trace().callingLine();
        actor.beforeCommand(words.size() > 1 ? name + ' ' + words.get(1) : name);
        boolean lost = actor.granted() instanceof Choice.LoseReply;
        Choice choice = actor.granted();

        Exchange exchange = exchange(name, words, command);
        Optional<Object> reply = exchange.reply();
        CommandKeys.Named named = named(name, words, reply.orElse(null));
        named = exchange.changedNothing() ? named.onlyRead() : named;
        Effect touched = Effect.on(actor.process(), named.reads(), named.writes());
        Effect effect = named.unknown() ? touched.onEverything() : touched;
        if (live.trace().wantsCommands()) {
            live.trace()
                    .sent(choice, actor.number(), shown(words), queuedIn(name), shown(words, reply.orElse(null)), line);
        }
        live.took(actor, effect);
        actor.afterCommand(named.reads(), named.writes(), named.unknown());
        if (name.equals("EXEC")) {
            if (reply.isEmpty()) {
                live.aborted();
            }
            queued.clear();
            watched.clear();
            inTransaction = false;
        } else if (name.equals("WATCH")) {
            watched.addAll(named.reads());
        }
        if (lost) {
            setBroken();
            JedisConnectionException error = new JedisConnectionException("the reply was lost");
            actor.lost(error);
            throw error;
        }
    }

    /** A command as a reader should see it. */
    List<String> shown(List<String> words) {
        return live.commandKeys().withText(words);
    }

    /** The reply to a command as a reader should see it. */
    Object shown(List<String> words, Object reply) {
        return reply;
    }

    /** Keeps a reply for whoever sent the command. */
    void keep(Optional<Object> reply) {
        replies.add(reply);
    }

    boolean isUngated() {
        return ungated;
    }

    /** One more reply, to a command that was sent at once. */
    Object readUngated() {
        ungated = true;
        try {
            return readProtocolWithCheckingBroken();
        } finally {
            ungated = false;
        }
    }

    /** Sends a command at once, whoever has the turn, and reads so many replies. */
    List<Object> exchangeUngated(CommandArguments command, int count) {
        ungated = true;
        try {
            super.sendCommand(command);
            return getMany(count);
        } finally {
            ungated = false;
        }
    }

    /** What came of a command. @param changedNothing whether it was a script that changed nothing */
    private record Exchange(Optional<Object> reply, boolean changedNothing) {}

    /** Sends a command, and in the same round trip asks what else has to be known of it; reads all replies. */
    private Exchange exchange(String name, List<String> words, CommandArguments command) {
        Optional<Leases> leases = live.leases();
        boolean script = CommandKeys.runsAScript(name);
        // Looking up what it may write also tells whether the script cache matters from now on.
        Set<String> mayWrite = script || leases.isPresent() ? mayWrite(name, words) : Set.of();
        if (script) {
            super.sendCommand(live.commandKeys().counters());
        }
        super.sendCommand(command);
        if (script) {
            super.sendCommand(live.commandKeys().counters());
        }
        if (leases.isPresent()) {
            mayWrite.forEach(key -> super.sendCommand(new CommandArguments(Command.PTTL).add(key)));
        }
        super.flush();
        sent = true;
        readWhatIsDue();
        Object before = script ? read().orElseThrow() : "";
        Optional<Object> reply = read();
        keep(reply);
        boolean changedNothing = script && live.commandKeys().nothingChanged(before, read().orElseThrow());
        leases.ifPresent(all -> mayWrite.forEach(key -> all.found(key, (Long) read().orElseThrow() >= 0)));
        return new Exchange(reply, changedNothing);
    }

    /** Reads the replies to commands that were sent, and are local to this connection. */
    void readWhatIsDue() {
        while (unread > 0) {
            unread--;
            keep(read());
        }
    }

    private Set<String> mayWrite(String name, List<String> words) {
        if (!name.equals("EXEC")) {
            return live.commandKeys().of(words).writes();
        }
        Set<String> keys = new LinkedHashSet<>();
        queued.forEach(command -> keys.addAll(live.commandKeys().of(command).writes()));
        return keys;
    }

    private List<List<String>> queuedIn(String name) {
        return name.equals("EXEC") ? queued.stream().map(this::shown).toList() : List.of();
    }

    private CommandKeys.Named named(String name, List<String> words, Object reply) {
        if (!name.equals("EXEC")) {
            return live.commandKeys().of(words, reply);
        }
        Set<String> reads = new HashSet<>(watched);
        Set<String> writes = new HashSet<>();
        boolean unknown = false;
        if (reply instanceof List<?>) {
            for (List<String> command : queued) {
                CommandKeys.Named each = live.commandKeys().of(command);
                reads.addAll(each.reads());
                writes.addAll(each.writes());
                unknown |= each.unknown();
            }
        }
        return new CommandKeys.Named(reads, writes, unknown);
    }

    /** One reply; an error that the server replied stands as a value until somebody asks for it. */
    private Optional<Object> read() {
        if (sent) {
            live.waitedForReply();
            sent = false;
        }
        try {
            return Optional.ofNullable(super.readProtocolWithCheckingBroken());
        } catch (JedisDataException error) {
            return Optional.of(error);
        } catch (JedisConnectionException gone) {
            throw live.lostServer(gone);
        }
    }

    @Override
    protected Object readProtocolWithCheckingBroken() {
        if (!handshakeDone || ungated) {
            return super.readProtocolWithCheckingBroken();
        }
        Optional<Object> reply = replies.poll();
        if (reply == null) {
            Actor.current().checkNotStopped();
            unread--;
            reply = read();
        }
        if (reply.orElse(null) instanceof JedisDataException error) {
            throw error;
        }
        return reply.orElse(null);
    }

    /** Jedis calls this after each command or transaction. */
    @Override
    public void close() {
        pool.giveBack(this);
    }
}
