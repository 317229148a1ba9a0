package flashsale.redisson;

import flashsale.redis.RedisServer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;

/** One question to one server, on a connection of its own that no client of Redisson's knows of. */
final class Ask {

    private Ask() {}

    static <T> T it(RedisServer server, Function<Jedis, T> question) {
        try (Jedis redis = new Jedis(server.address(), server.clientConfig())) {
            return question.apply(redis);
        }
    }

    static String get(RedisServer server, String key) {
        return it(server, redis -> redis.get(key));
    }

    static boolean has(RedisServer server, String key) {
        return it(server, redis -> redis.exists(key));
    }

    static void delete(RedisServer server, String key) {
        it(server, redis -> redis.del(key));
    }

    static String info(RedisServer server, String section) {
        return it(server, redis -> redis.info(section));
    }

    /** How often the server was sent this command. @param command in lower case */
    static int calls(RedisServer server, String command) {
        return number(server, "commandstats", "cmdstat_" + command + ":calls=(\\d+)");
    }

    /** A number of a section of INFO; 0 if it is not there. @param pattern with the number as its first group */
    static int number(RedisServer server, String section, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(info(server, section));
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }
}
