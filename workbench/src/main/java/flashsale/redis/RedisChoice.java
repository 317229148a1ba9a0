package flashsale.redis;

/** Which Redis the reader asked for. */
sealed interface RedisChoice {

    /** A {@code redis-server} out of a jar; the default. */
    record Embedded() implements RedisChoice {}

    /** A container. */
    record Docker() implements RedisChoice {}

    /**
     * A server of the reader's own.
     *
     * @param url where it is, and who asks
     */
    record Remote(RedisUrl url) implements RedisChoice {}

    /**
     * The property wins over the environment; what is missing or blank does not count; neither of them means embedded.
     *
     * @param property the value of {@code -Dredis}, or null
     * @param environment the value of {@code REDIS_URL}, or null
     * @throws RedisUnavailableException if the value is none of the choices; the message names both
     */
    static RedisChoice of(String property, String environment) {
        if (property != null && !property.isBlank()) {
            return parse("-Dredis", property.strip());
        }
        if (environment != null && !environment.isBlank()) {
            return parse("REDIS_URL", environment.strip());
        }
        return new Embedded();
    }

    private static RedisChoice parse(String name, String value) {
        if (value.equals("embedded")) {
            return new Embedded();
        }
        if (value.equals("docker")) {
            return new Docker();
        }
        if (value.startsWith("redis://") || value.startsWith("rediss://")) {
            return new Remote(RedisUrl.parse(value));
        }
        throw new RedisUnavailableException(name + " is \"" + RedisUrl.masked(value)
                + "\", but must be embedded, docker, or a URL of the shape " + RedisUrl.SHAPE);
    }
}
