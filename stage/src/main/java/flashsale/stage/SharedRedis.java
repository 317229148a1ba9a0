package flashsale.stage;

import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import java.io.PrintStream;

/** The workbook's server, without its line on stdout, where only results stand. */
final class SharedRedis {

    private SharedRedis() {}

    /** @param err where the server may say which it is */
    static RedisServer announcedOn(PrintStream err) {
        PrintStream out = System.out;
        System.setOut(err);
        try {
            return RedisServers.shared();
        } finally {
            System.setOut(out);
        }
    }
}
