/**
 * Which Redis the workbook talks to: a real {@code redis-server} started from a jar, a container, or a server of the
 * reader's own. {@link flashsale.redis.RedisServers#shared()} chooses; everything that goes wrong on the way is a
 * {@link flashsale.redis.RedisUnavailableException} that says what was tried and what to do next, and nothing waits
 * for ever.
 */
package flashsale.redis;
