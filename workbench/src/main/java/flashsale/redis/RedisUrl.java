package flashsale.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.HostAndPort;

/**
 * {@code redis://[user:password@]host[:port][/database]}, or {@code rediss://} for TLS
 * (<a href="https://www.iana.org/assignments/uri-schemes/prov/redis">the scheme as registered with IANA</a>).
 *
 * @param tls whether the scheme is {@code rediss}
 * @param address the port is 6379 if the URL names none
 * @param user null if the URL names none
 * @param password null if the URL has none
 * @param database from 0, which is also the default
 */
record RedisUrl(boolean tls, HostAndPort address, String user, String password, int database) {

    static final String SHAPE = "redis://[user:password@]host:port[/database], or rediss:// for TLS";

    /** The password reaches to the last @, so it may hold one. */
    private static final Pattern URL = Pattern.compile("(?<scheme>rediss?)://(?:(?<user>[^:@]*):(?<password>.*)@)?"
            + "(?<host>\\[[0-9a-fA-F:.]+]|[^:/?#@\\s]+)(?::(?<port>\\d{1,5}))?(?:/(?<database>\\d{0,4}))?");

    private static final int DEFAULT_PORT = 6379;

    /** @throws RedisUnavailableException if the text is no such URL; the message hides user and password */
    static RedisUrl parse(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw noUrl(text);
        }
        int port = number(url.group("port"), DEFAULT_PORT);
        if (port < 1 || port > 65_535) {
            throw noUrl(text);
        }
        return new RedisUrl(
                url.group("scheme").equals("rediss"),
                new HostAndPort(url.group("host").replaceAll("[\\[\\]]", ""), port),
                decoded(text, url.group("user")),
                decoded(text, url.group("password")),
                number(url.group("database"), 0));
    }

    private static int number(String digits, int unlessNamed) {
        return digits == null || digits.isEmpty() ? unlessNamed : Integer.parseInt(digits);
    }

    private static String decoded(String text, String part) {
        if (part == null || part.isEmpty()) {
            return null;
        }
        try {
            // URLDecoder reads forms, where a plus is a blank; in a URL it is a plus.
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException badEscape) {
            throw noUrl(text);
        }
    }

    private static RedisUnavailableException noUrl(String text) {
        return new RedisUnavailableException("\"" + masked(text) + "\" is no Redis URL. Its shape is " + SHAPE
                + "; or leave -Dredis and REDIS_URL away to use the embedded one");
    }

    /** What stands before the last @ may hold a password, however badly the rest is written. */
    static String masked(String text) {
        return text.replaceFirst("(?s)^(\\w+://)?.*@", "$1***@");
    }

    /** The URL as it may be printed. */
    @Override
    public String toString() {
        return (tls ? "rediss://" : "redis://") + (password == null ? "" : "***@") + address + "/" + database;
    }
}
