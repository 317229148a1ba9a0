package flashsale.sale;

import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
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
 * @param otherClients for the type of another library's client, the client of that type; null if the server has none
 */
public record SaleContext(
        UnifiedJedis redis,
        String item,
        OptionalInt limit,
        InstantSource clock,
        Sleeper sleeper,
        Repeater repeater,
        Function<Class<?>, Object> otherClients) {

    /** A server that has no client but Jedis. */
    public SaleContext(
            UnifiedJedis redis,
            String item,
            OptionalInt limit,
            InstantSource clock,
            Sleeper sleeper,
            Repeater repeater) {
        this(redis, item, limit, clock, sleeper, repeater, type -> null);
    }

    /** An ordinary server: no limit per buyer, real time. */
    public static SaleContext of(UnifiedJedis redis, String item) {
        return new SaleContext(
                redis, item, OptionalInt.empty(), InstantSource.system(), Sleeper.real(), Repeater.real());
    }

    /** The same server, where another library's client is to be had under this type; it is made when a step asks. */
    public <C> SaleContext with(Class<C> type, Supplier<C> client) {
        return new SaleContext(
                redis,
                item,
                limit,
                clock,
                sleeper,
                repeater,
                wanted -> wanted == type ? client.get() : otherClients.apply(wanted));
    }

    /**
     * The server's client of another library than Jedis, shared by all its threads.
     *
     * @param type the library's type, such as {@code RedissonClient.class}
     * @throws IllegalStateException if the server has none
     */
    public <C> C client(Class<C> type) {
        Object client = otherClients.apply(type);
        if (client == null) {
            throw new IllegalStateException("this server has no " + type.getSimpleName());
        }
        return type.cast(client);
    }
}
