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

/** A script that is called by its SHA-1, and sent in full only where the server's script cache does not have it. */
final class CachedScript {

    private final String text;
    private final String sha;

    /** @param name the file beside this class, such as {@code refund.lua} */
    CachedScript(String name) {
        try (InputStream file = CachedScript.class.getResourceAsStream(name)) {
            text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            sha = String.format("%040x", new BigInteger(1, digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }

    String text() {
        return text;
    }

    void load(UnifiedJedis redis, String key) {
        redis.scriptLoad(text, key);
    }

    /** NOSCRIPT says that nothing was run, so sending it again in full cannot run it twice. */
    Object call(UnifiedJedis redis, List<String> keys, List<String> arguments) {
        try {
            return redis.evalsha(sha, keys, arguments);
        } catch (JedisNoScriptException restartedOrFlushed) {
            return redis.eval(text, keys, arguments);
        }
    }
}
