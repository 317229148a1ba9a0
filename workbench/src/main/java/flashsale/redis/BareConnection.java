package flashsale.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.JedisClientConfig;

/**
 * A connection with as little Java as possible, to measure what is possible: it writes bytes that somebody prepared, and
 * skips over the reply. Speaks <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP2</a>. For one
 * thread.
 */
public final class BareConnection implements AutoCloseable {

    private static final int BUFFER = 8192;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int end;

    private BareConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = socket.getInputStream();
    }

    /**
     * Connects, and says who it is where the server wants to know.
     *
     * @throws RedisUnavailableException if it cannot connect, or the server refuses
     */
    public static BareConnection to(RedisServer server) {
        try {
            BareConnection connection = new BareConnection(
                    new DefaultJedisSocketFactory(server.address(), server.clientConfig()).createSocket());
            try {
                connection.introduce(server.clientConfig());
            } catch (RuntimeException refused) {
                connection.close();
                throw refused;
            }
            return connection;
        } catch (IOException | RuntimeException refused) {
            throw new RedisUnavailableException(
                    "No connection to " + server.description() + ": " + refused.getMessage(), refused);
        }
    }

    private void introduce(JedisClientConfig config) {
        if (config.getPassword() != null) {
            roundTrip(
                    config.getUser() == null
                            ? command("AUTH", config.getPassword())
                            : command("AUTH", config.getUser(), config.getPassword()));
        }
        if (config.getDatabase() != 0) {
            roundTrip(command("SELECT", String.valueOf(config.getDatabase())));
        }
    }

    /** A command as it goes over the wire. */
    public static byte[] command(String... words) {
        return command(List.of(words).stream().map(word -> word.getBytes(UTF_8)).toList());
    }

    /** A command as it goes over the wire. */
    public static byte[] command(List<byte[]> words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("*" + words.size() + "\r\n").getBytes(UTF_8));
        for (byte[] word : words) {
            bytes.writeBytes(("$" + word.length + "\r\n").getBytes(UTF_8));
            bytes.writeBytes(word);
            bytes.writeBytes("\r\n".getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    /**
     * Sends a command and reads over its reply.
     *
     * @param command as {@link #command} makes it
     * @throws IllegalStateException if the reply is an error; the message is the server's
     * @throws UncheckedIOException if the connection is lost
     */
    public void roundTrip(byte[] command) {
        try {
            out.write(command);
            skipReply();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    private void skipReply() throws IOException {
        byte type = next();
        switch (type) {
            case '+' -> line();
            case ':' -> number();
            case '-' -> throw new IllegalStateException(line());
            case '$' -> {
                int length = number();
                for (int i = 0; i < length + 2 && length >= 0; i++) {
                    next();
                }
            }
            case '*' -> {
                int length = number();
                for (int i = 0; i < length; i++) {
                    skipReply();
                }
            }
            default -> throw new IOException("a reply cannot begin with " + (char) type);
        }
    }

    private int number() throws IOException {
        boolean negative = false;
        int number = 0;
        for (byte read = next(); read != '\n'; read = next()) {
            negative |= read == '-';
            if (read >= '0' && read <= '9') {
                number = number * 10 + read - '0';
            }
        }
        return negative ? -number : number;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (byte read = next(); read != '\n'; read = next()) {
            line.append((char) read);
        }
        return line.toString().strip();
    }

    private byte next() throws IOException {
        if (position == end) {
            position = 0;
            end = in.read(buffer);
            if (end <= 0) {
                end = 0;
                throw new EOFException("the server closed the connection");
            }
        }
        return buffer[position++];
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
