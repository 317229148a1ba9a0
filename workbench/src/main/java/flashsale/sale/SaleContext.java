package flashsale.sale;

import java.time.InstantSource;
import java.util.OptionalInt;
import redis.clients.jedis.UnifiedJedis;

/**
 * What an application server gives a step when it builds it; each step takes what it needs.
 *
 * @param redis the client, shared by all threads of the server
 * @param item what is sold
 * @param limit the most units that one buyer may hold, or empty
 * @param clock the time by which deadlines are judged
 * @param sleeper how to wait between attempts
 * @param repeater how to do something again and again beside a purchase
 */
public record SaleContext(
        UnifiedJedis redis, String item, OptionalInt limit, InstantSource clock, Sleeper sleeper, Repeater repeater) {

    /** An ordinary server: no limit per buyer, real time. */
    public static SaleContext of(UnifiedJedis redis, String item) {
        return new SaleContext(
                redis, item, OptionalInt.empty(), InstantSource.system(), Sleeper.real(), Repeater.real());
    }
}
