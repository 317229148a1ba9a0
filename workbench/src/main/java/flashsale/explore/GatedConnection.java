package flashsale.explore;

import flashsale.explore.CommonBeginning.Exchange;
import flashsale.explore.CommonBeginning.Sending;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * <p>A command has its reply before {@code sendCommand} returns: in a pipeline Jedis itself would
 * only fill a buffer, and the order in which the server gets the commands would be left to luck. What is local to the
 * connection ({@code MULTI}, what is queued, {@code UNWATCH}, {@code DISCARD}) is no scheduling point: nobody else can
 * notice when it happens.
 */
class GatedConnection extends Connection {

    private static final Set<String> LOCAL = Set.of("MULTI", "UNWATCH", "DISCARD");
    /** What is not queued in a transaction. */
    private static final Set<String> ENDS_OR_NESTS = Set.of("EXEC", "DISCARD", "MULTI");

    private static final byte[] OK = "OK".getBytes(StandardCharsets.UTF_8);
    private static final byte[] QUEUED = "QUEUED".getBytes(StandardCharsets.UTF_8);
    /** They change the connection, for good. */
    private static final Set<String> SETTINGS = Set.of("CLIENT", "AUTH", "HELLO", "RESET");

    private static final Set<String> WAITS_ON_THE_SERVER =
            Set.of("SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "WAIT");

    private static final Set<String> LEAVES_THE_DATABASE = Set.of("SELECT", "MOVE", "SWAPDB");

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

    /**
     * A command that is sent with the next one that is not local.
     *
     * @param expected the only reply that it can have, unless it is wrong
     */
    private record Local(CommandArguments command, byte[] expected) {}

    private final LiveSale live;
    private final BuyerConnections.Pool pool;
    private boolean handshakeDone;
    private boolean ungated;
    private boolean inTransaction;
    private boolean hasOtherSettings;
    private boolean sent;
    private final List<Local> local = new ArrayList<>();
    private int told; // how many of these have been answered already, with what they expect
    private final Deque<Optional<Object>> replies = new ArrayDeque<>();
    private final Set<String> watched = new HashSet<>();
    private final List<List<String>> queued = new ArrayList<>();

    GatedConnection(Builder builder) {
        super(builder);
        this.live = builder.live;
        this.pool = builder.pool;
    }

    /**
     * Whether a WATCH is alive, or something was sent and not read, or the connection has other settings: then it must not
     * serve another schedule.
     */
    boolean isUsed() {
        return hasOtherSettings || !watched.isEmpty() || inTransaction || !local.isEmpty() || !replies.isEmpty();
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
        if (command.isBlocking() || WAITS_ON_THE_SERVER.contains(name)) {
            throw live.refuse(actor.getName() + " sent " + name
                    + ", which makes the server keep a buyer waiting; the explorer cannot order that");
        }
        if (LEAVES_THE_DATABASE.contains(name)) {
            throw live.refuse(actor.getName() + " sent " + name
                    + "; the explorer sees and empties one database only, so all keys of a sale have to be there");
        }
        hasOtherSettings |= SETTINGS.contains(name);
        if (inTransaction && !ENDS_OR_NESTS.contains(name)) {
            queued.add(words);
            local.add(new Local(command, QUEUED));
        } else if (LOCAL.contains(name)) {
            keepLocal(name, command);
        } else {
            hold(actor, name, words, command);
        }
    }

    private void keepLocal(String name, CommandArguments command) {
        local.add(new Local(command, OK));
        if (name.equals("MULTI")) {
            inTransaction = true; // one in a transaction is refused, and the transaction goes on
        } else if (name.equals("UNWATCH")) {
            watched.clear();
        } else {
            endTransaction();
        }
    }

    /** Without a transaction {@code EXEC} and {@code DISCARD} are refused, and a watch stays alive. */
    private void endTransaction() {
        if (inTransaction) {
            queued.clear();
            watched.clear();
            inTransaction = false;
        }
    }

    private void hold(Actor actor, String name, List<String> words, CommandArguments command) {
        int line = live.trace().callingLine();
        actor.beforeCommand(words.size() > 1 ? name + ' ' + words.get(1) : name);
        boolean lost = actor.granted() instanceof Choice.LoseReply;
        Choice choice = actor.granted();

        Sending sending = sending(name, words, command);
        Optional<Exchange> repeated = live.repeat(sending);
        Exchange exchange = repeated.orElseGet(() -> exchange(name, words, command));
        Optional<Object> reply = exchange.reply();
        if (repeated.isPresent()) {
            local.clear();
            exchange.replies().stream().skip(told).forEach(this::keep);
            told = 0;
        } else {
            live.executed(sending, exchange);
        }
        exchange.leases().forEach(live.leases()::found);
        CommandKeys.Named named = named(name, words, reply.orElse(null));
        if (named.unknown() && !CommandKeys.runsAScript(name)) {
            live.mustBeSentOneByOne();
        }
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
            endTransaction();
        } else if (name.equals("WATCH")) {
            watched.addAll(named.reads());
        }
        if (lost) {
            live.catchUp(); // what was only repeated on this connection must still be sent on it
            setBroken();
            JedisConnectionException error = new JedisConnectionException("the reply was lost");
            actor.lost(error);
            throw error;
        }
    }

    /** With what is local to this connection, and so was not sent yet. */
    private Sending sending(String name, List<String> words, CommandArguments command) {
        if (local.isEmpty()) {
            return new Sending(name.equals("WATCH") ? this : null, List.of(command), words, false);
        }
        List<CommandArguments> together = new ArrayList<>();
        local.forEach(each -> together.add(each.command()));
        together.add(command);
        return Sending.of(this, together, false);
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
        return exchangeUngated(List.of(command), count);
    }

    /** Sends commands at once, whoever has the turn, and reads their replies. */
    List<Object> exchangeUngated(List<CommandArguments> commands) {
        return exchangeUngated(commands, commands.size());
    }

    private List<Object> exchangeUngated(List<CommandArguments> commands, int count) {
        ungated = true;
        try {
            commands.forEach(super::sendCommand);
            return getMany(count);
        } finally {
            ungated = false;
        }
    }

    /** Sends a command, and in the same round trip asks what else has to be known of it; reads all replies. */
    private Exchange exchange(String name, List<String> words, CommandArguments command) {
        boolean script = CommandKeys.runsAScript(name);
        // Looking up what it may write also tells whether the script cache matters from now on.
        Set<String> mayWrite = script || live.watchesLeases() ? mayWrite(name, words) : Set.of();
        List<Local> due = sendWhatIsLocal();
        if (script) {
            super.sendCommand(live.commandKeys().counters());
        }
        super.sendCommand(command);
        if (script) {
            super.sendCommand(live.commandKeys().counters());
        }
        if (live.watchesLeases()) {
            mayWrite.forEach(key -> super.sendCommand(new CommandArguments(Command.PTTL).add(key)));
        }
        super.flush();
        sent = true;
        List<Optional<Object>> replies = readAndKeep(due);
        Object before = script ? read().orElseThrow() : "";
        Optional<Object> reply = read();
        keep(reply);
        replies.add(reply);
        boolean changedNothing = script && live.commandKeys().nothingChanged(before, read().orElseThrow());
        Map<String, Boolean> leases = new LinkedHashMap<>();
        if (live.watchesLeases()) {
            mayWrite.forEach(key -> leases.put(key, (Long) read().orElseThrow() >= 0));
        }
        return new Exchange(replies, changedNothing, leases);
    }

    /** After a schedule: what was told ahead, and never sent, is sent to see whether it was right. */
    void checkWhatWasTold() {
        if (told > 0) {
            exchangeWhatIsLocal();
        }
    }

    /** Sends what is local to this connection, and reads the replies. */
    void exchangeWhatIsLocal() {
        List<Local> due = sendWhatIsLocal();
        super.flush();
        sent = !due.isEmpty();
        readAndKeep(due);
    }

    private List<Local> sendWhatIsLocal() {
        List<Local> all = List.copyOf(local);
        local.clear();
        all.forEach(each -> super.sendCommand(each.command()));
        return all;
    }

    private List<Optional<Object>> readAndKeep(List<Local> due) {
        List<Optional<Object>> read = new ArrayList<>();
        for (Local each : due) {
            Optional<Object> reply = read();
            read.add(reply);
            if (read.size() > told) {
                keep(reply);
            } else if (!(reply.orElse(null) instanceof byte[] bytes && Arrays.equals(bytes, each.expected()))) {
                throw live.wasToldWrongly(CommandText.words(each.command()), reply.orElse(null));
            }
        }
        told = 0;
        return read;
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
            if (live.mayTellAhead()) {
                replies.add(Optional.of(local.get(told++).expected()));
            } else {
                exchangeWhatIsLocal();
            }
            reply = replies.remove();
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
