package flashsale.explore;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A held connection for another client library: it takes commands as words, and gives every reply as the server wrote
 * it (RESP2), for the library to read in its own way.
 */
final class WireConnection extends GatedConnection {

    private static final byte[] LINE_END = {'\r', '\n'};

    /** Makes one connection. */
    static final class Builder extends GatedConnection.Builder {
        Builder(LiveSale live) {
            super(live, null);
        }

        @Override
        protected Connection createConnection() {
            return new WireConnection(this);
        }
    }

    private final List<byte[]> kept = new ArrayList<>();
    private byte[] last = {};

    private WireConnection(Builder builder) {
        super(builder);
    }

    /** Sends a command when the explorer lets it happen; gives the replies that are there then. */
    List<byte[]> exchange(List<byte[]> words) {
        kept.clear();
        sendCommand(command(words));
        return List.copyOf(kept);
    }

    /** The replies to commands that are local to this connection, such as what a transaction has queued. */
    List<byte[]> whatIsDue() {
        kept.clear();
        exchangeWhatIsLocal();
        return List.copyOf(kept);
    }

    /** Sends a command at once, and reads so many replies. */
    List<byte[]> exchangeAtOnce(List<byte[]> words, int replies) {
        kept.clear();
        exchangeUngated(command(words), replies);
        return List.copyOf(kept);
    }

    /** Begins or ends subscriptions at once; the messages that came before the confirmations come with them. */
    List<byte[]> subscribeAtOnce(List<byte[]> words, int channels) {
        kept.clear();
        List<Object> replies = exchangeUngated(command(words), 1);
        for (int confirmed = isMessage(replies.get(0)) ? 0 : 1; confirmed < channels; ) {
            confirmed += isMessage(readUngated()) ? 0 : 1;
        }
        return List.copyOf(kept);
    }

    /** The messages that the server has sent on this subscribed connection: all that were published so far. */
    List<byte[]> messages() {
        kept.clear();
        // Replies are ordered: whatever was published before this PING comes before its reply.
        Object reply = exchangeUngated(new CommandArguments(Command.PING), 1).get(0);
        while (isMessage(reply)) {
            reply = readUngated();
        }
        kept.remove(kept.size() - 1);
        return List.copyOf(kept);
    }

    private static boolean isMessage(Object reply) {
        return reply instanceof List<?> push
                && !push.isEmpty()
                && push.get(0) instanceof byte[] kind
                && new String(kind, StandardCharsets.UTF_8).endsWith("message");
    }

    static CommandArguments command(List<byte[]> words) {
        byte[] name = words.get(0);
        CommandArguments command = new CommandArguments(() -> name);
        words.subList(1, words.size()).forEach(command::add);
        return command;
    }

    /** A reply as the server wrote it, or nearly so: of the strings, only {@code OK} and {@code QUEUED} are simple. */
    static byte[] written(Object reply) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        write(reply, raw);
        return raw.toByteArray();
    }

    private static void write(Object reply, ByteArrayOutputStream raw) {
        if (reply == null) {
            line("$-1", raw);
        } else if (reply instanceof Long number) {
            line(":" + number, raw);
        } else if (reply instanceof JedisDataException error) {
            line("-" + error.getMessage(), raw);
        } else if (reply instanceof List<?> list) {
            line("*" + list.size(), raw);
            list.forEach(each -> write(each, raw));
        } else {
            byte[] bytes = (byte[]) reply;
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.equals("OK") || text.equals("QUEUED")) {
                line("+" + text, raw);
            } else {
                line("$" + bytes.length, raw);
                raw.writeBytes(bytes);
                raw.writeBytes(LINE_END);
            }
        }
    }

    private static void line(String text, ByteArrayOutputStream raw) {
        raw.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        raw.writeBytes(LINE_END);
    }

    @Override
    List<String> shown(List<String> words) {
        return RedissonScripts.shown(super.shown(words));
    }

    @Override
    Object shown(List<String> words, Object reply) {
        return RedissonScripts.shown(words, reply);
    }

    @Override
    void keep(Optional<Object> reply) {
        // Kept as it was on the wire.
        kept.add(last);
    }

    @Override
    protected Object protocolRead(RedisInputStream in, PushConsumerChain pushes) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        Object reply = read(in, raw);
        last = raw.toByteArray();
        if (isUngated()) {
            kept.add(last);
        }
        if (reply instanceof JedisDataException error) {
            throw error;
        }
        return reply;
    }

    private static Object read(RedisInputStream in, ByteArrayOutputStream raw) {
        byte type = in.readByte();
        byte[] line = in.readLineBytes();
        raw.write(type);
        raw.writeBytes(line);
        raw.writeBytes(LINE_END);
        String text = new String(line, StandardCharsets.UTF_8);
        return switch (type) {
            case '+' -> line;
            case '-' -> new JedisDataException(text);
            case ':' -> Long.valueOf(text);
            case '$' -> bulk(Integer.parseInt(text), in, raw);
            case '*' -> {
                int count = Integer.parseInt(text);
                List<Object> all = count < 0 ? null : new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    all.add(read(in, raw));
                }
                yield all;
            }
            default -> throw new JedisException("a reply begins with " + (char) type + ", which is not RESP2");
        };
    }

    private static byte[] bulk(int length, RedisInputStream in, ByteArrayOutputStream raw) {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        for (int read = 0; read < length; ) {
            read += in.read(bytes, read, length - read);
        }
        in.readByte();
        in.readByte();
        raw.writeBytes(bytes);
        raw.writeBytes(LINE_END);
        return bytes;
    }

    /** Nobody lends this one out: {@link #disconnect} ends it. */
    @Override
    public void close() {
        // Nothing to give it back to.
    }
}
