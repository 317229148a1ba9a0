package flashsale.explore;

import java.util.Set;

/** The client of another library than Jedis in one process, whose commands are held as Jedis's are. */
interface OtherClient extends AutoCloseable {

    /** What a step uses. */
    Object client();

    /** The random name by which the client is known in Redis. */
    String id();

    /** A command was executed: hands on the messages that it may have published. */
    void deliver(Effect effect);

    /** The keys whose leases the client keeps renewing by itself. */
    Set<String> renewed();

    /** Before a schedule: puts back what it must not find. */
    void tidy();

    @Override
    void close();
}
