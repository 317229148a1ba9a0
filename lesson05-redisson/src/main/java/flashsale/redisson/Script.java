package flashsale.redisson;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A Lua script, and the SHA-1 of its text, by which Redis knows it
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
        try (InputStream resource = Script.class.getResourceAsStream(file)) {
            return of(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
