package flashsale.explore;

/** The client of another library than Jedis in one process, whose commands are held as Jedis's are. */
interface OtherClient extends AutoCloseable {

    /** What a step uses. */
    Object client();

    /** The random name by which the client is known in Redis. */
    String id();

    /** A command was executed: hands on the messages that it may have published. */
    void deliver(Effect effect);

    /** After a schedule: puts back what the next one must not find. */
    void tidy();

    @Override
    void close();
}
