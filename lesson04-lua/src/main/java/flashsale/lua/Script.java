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
 * A Lua script that Redis knows by the SHA-1 of its text
 * (<a href="https://redis.io/docs/latest/develop/programmability/eval-intro/">Redis, "Scripting with Lua"</a>).
 *
 * @param text the script
 * @param sha the SHA-1 of the text, in 40 hexadecimal digits
 */
record Script(String text, String sha) {

    /** A script with this text. */
    static Script of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Script(text, String.format("%040x", new BigInteger(1, digest)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }

    /** The script in this file, which stands beside this class among the resources. */
    static Script in(String file) {
        return of(read(file));
    }

    /** The text of a file that stands beside this class among the resources. */
    static String read(String file) {
        try (InputStream resource = Script.class.getResourceAsStream(file)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Puts the script into the server's cache, so that nobody has to send its text later.
     *
     * @param key one of the sale's keys: in a cluster the script goes to the server that holds it
     */
    void load(UnifiedJedis redis, String key) {
        redis.scriptLoad(text, key);
    }

    /**
     * Runs the script by its SHA. The cache may be empty: it does not survive a restart, a replica that becomes master
     * has one of its own, and {@code SCRIPT FLUSH} empties it. Then the server has done nothing, and {@code EVAL} brings
     * the text, runs it and caches it, all in one command; between {@code SCRIPT LOAD} and a second {@code EVALSHA} the
     * cache could be emptied again.
     *
     * @return what the script replies
     */
    Object run(UnifiedJedis redis, List<String> keys, List<String> args) {
        try {
            return redis.evalsha(sha, keys, args);
        } catch (JedisNoScriptException notInTheCache) {
            return redis.eval(text, keys, args);
        }
    }
}
