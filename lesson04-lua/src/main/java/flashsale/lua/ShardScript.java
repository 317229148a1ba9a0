package flashsale.lua;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A script of this package's resources, called by the SHA-1 of its text ({@code EVALSHA}), so that the text does not
 * travel with each call. Where the server does not know it, after a restart, a failover or {@code SCRIPT FLUSH}, it is
 * sent once as a whole ({@code EVAL}), which also makes it known. Nothing was run when a server answers NOSCRIPT.
 */
final class ShardScript {

    private final String text;
    private final String sha;

    /** @param name the file, such as {@code buy-from-shard.lua} */
    ShardScript(String name) {
        this.text = read(name);
        this.sha = sha1(text);
    }

    /** The script's text. */
    String text() {
        return text;
    }

    /** The SHA-1 of its text, by which it is called. */
    String sha() {
        return sha;
    }

    /** Makes the script known to the server that holds this key. */
    void load(UnifiedJedis redis, String key) {
        redis.scriptLoad(text, key);
    }

    /** Runs the script. @return its reply, as Jedis gives it */
    Object run(UnifiedJedis redis, List<String> keys, List<String> args) {
        try {
            return redis.evalsha(sha, keys, args);
        } catch (JedisNoScriptException unknown) {
            return redis.eval(text, keys, args);
        }
    }

    private static String read(String name) {
        try (InputStream file = ShardScript.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%040x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
