package flashsale.stage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import flashsale.redis.BareConnection;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisUnavailableException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import redis.clients.jedis.RedisClient;

/**
 * The limit: so many connections, each with a thread that sends one prepared command after the other. Nobody who answers
 * each buyer before the next one can be faster on the same connections.
 */
final class BareSeller implements Entrant.Seller {

    /** The name of the buyer in the prepared command; each copy puts a number in place of the digits. */
    static final String BUYER = "buyer-0000000";

    private static final int DIGITS = 7;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Runnable open;
    private final byte[] command;
    private final Workload workload;
    private final RedisClient observer;
    private final List<BareConnection> connections = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * @param open makes everything ready for a sale
     * @param command as it goes over the wire, with {@link #BUYER} wherever the buyer's name stands
     */
    BareSeller(Runnable open, byte[] command, Workload workload, RedisServer server) {
        this.open = open;
        this.command = command;
        this.workload = workload;
        this.observer = server.connect();
        this.threads = Executors.newFixedThreadPool(workload.connections());
        try {
            for (int i = 0; i < workload.connections(); i++) {
                connections.add(BareConnection.to(server));
            }
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    @Override
    public Lap sale() {
        open.run();
        ServerMeter meter = new ServerMeter(observer);
        AtomicInteger next = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Histogram>> buying = connections.stream()
                .map(connection -> threads.submit(() -> buy(connection, next, start)))
                .toList();
        meter.start();
        long from = System.nanoTime();
        start.countDown();
        Histogram latency = new Histogram(SIGNIFICANT_DIGITS);
        buying.forEach(histogram -> latency.add(result(histogram)));
        double seconds = (System.nanoTime() - from) / 1e9;
        return new Lap(
                workload.buyers(),
                Math.min(workload.buyers(), workload.stock()),
                seconds,
                latency,
                meter.stop(),
                0,
                0,
                Set.of());
    }

    private Histogram buy(BareConnection connection, AtomicInteger next, CountDownLatch start)
            throws InterruptedException {
        byte[] own = command.clone();
        int[] digits = placesOfDigits(own);
        Histogram latency = new Histogram(SIGNIFICANT_DIGITS);
        start.await();
        for (int buyer = next.getAndIncrement(); buyer < workload.buyers(); buyer = next.getAndIncrement()) {
            long from = System.nanoTime();
            for (int place : digits) {
                write(buyer, own, place);
            }
            connection.roundTrip(own);
            latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - from));
        }
        return latency;
    }

    private static int[] placesOfDigits(byte[] command) {
        String text = new String(command, ISO_8859_1);
        List<Integer> places = new ArrayList<>();
        for (int at = text.indexOf(BUYER); at >= 0; at = text.indexOf(BUYER, at + 1)) {
            places.add(at + BUYER.length() - DIGITS);
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void write(int buyer, byte[] command, int place) {
        int rest = buyer;
        for (int i = place + DIGITS - 1; i >= place; i--) {
            command[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static Histogram result(Future<Histogram> buying) {
        try {
            return buying.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the limit was measured", stopped);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UncheckedIOException lost) {
                throw new RedisUnavailableException(
                        "Redis was lost while the limit was measured: " + lost.getMessage(), lost);
            }
            throw new IllegalStateException("the limit could not be measured: " + failed.getCause(), failed);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        connections.forEach(BareConnection::close);
        observer.close();
    }
}
