package flashsale.crowd;

import flashsale.sale.FlashSale;
import flashsale.sale.Purchase;
import flashsale.sale.SaleRecord.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** One rush on a sale: a few threads, released together, take the buyers one after the other. Runs once. */
final class Rush {

    private static final int SIGNIFICANT_DIGITS = 3;

    private final List<Call> calls = new ArrayList<>();
    private final List<List<Call>> buyers;
    private final List<Thread> threads = new ArrayList<>();
    private List<String> stillRunning = List.of();
    private long startedAt;

    Rush(List<Purchase> purchases, List<? extends FlashSale> servers) {
        Map<String, List<Call>> byBuyer = new LinkedHashMap<>();
        for (Purchase purchase : purchases) {
            int arrived = byBuyer.size();
            List<Call> callsOfBuyer = byBuyer.computeIfAbsent(purchase.buyer(), buyer -> new ArrayList<>());
            FlashSale server = callsOfBuyer.isEmpty()
                    ? servers.get(arrived % servers.size())
                    : callsOfBuyer.get(0).server();
            Call call = new Call(purchase, server);
            callsOfBuyer.add(call);
            calls.add(call);
        }
        buyers = List.copyOf(byBuyer.values());
    }

    /** Returns when everybody has an answer, or soon after time is up. Whatever happens, the threads are ended. */
    void run(int mostThreads, ThreadFactory factory, LongSupplier nanosLeft, Duration grace) {
        int count = Math.min(mostThreads, buyers.size());
        CountDownLatch there = new CountDownLatch(count);
        CountDownLatch start = new CountDownLatch(1);
        Queue<List<Call>> waiting = new ConcurrentLinkedQueue<>(buyers);
        try {
            for (int i = 1; i <= count; i++) {
                Thread thread = factory.newThread(() -> {
                    there.countDown();
                    serve(waiting, start);
                });
                thread.setName("crowd-" + i);
                thread.start();
                threads.add(thread);
            }
            while (nanosLeft.getAsLong() > 0) {
                if (there.await(nanosLeft.getAsLong(), TimeUnit.NANOSECONDS)) {
                    startedAt = System.nanoTime();
                    start.countDown();
                    joinAll(nanosLeft);
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the crowd was buying", e);
        } finally {
            calls.forEach(Call::giveUp);
            endThreads(grace);
        }
    }

    private static void serve(Queue<List<Call>> waiting, CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            return; // sent home before it began
        }
        for (List<Call> buyer = waiting.poll(); buyer != null; buyer = waiting.poll()) {
            buyer.forEach(Call::make);
        }
    }

    private void joinAll(LongSupplier nanosLeft) throws InterruptedException {
        while (nanosLeft.getAsLong() > 0 && threads.stream().anyMatch(Thread::isAlive)) {
            for (Thread thread : threads) {
                TimeUnit.NANOSECONDS.timedJoin(thread, nanosLeft.getAsLong());
            }
        }
    }

    private void endThreads(Duration grace) {
        threads.forEach(Thread::interrupt);
        LongSupplier nanosLeft = Environment.realTime(grace);
        boolean interrupted = Thread.interrupted();
        while (nanosLeft.getAsLong() > 0 && threads.stream().anyMatch(Thread::isAlive)) {
            try {
                joinAll(nanosLeft);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        stillRunning =
                threads.stream().filter(Thread::isAlive).map(Thread::getName).toList();
    }

    List<Wish> wishes() {
        return made().map(call -> new Wish(call.purchase(), call.answer())).toList();
    }

    List<Purchase> neverAsked() {
        return calls.stream()
                .filter(call -> !call.wasMade())
                .map(Call::purchase)
                .toList();
    }

    List<String> stillRunning() {
        return stillRunning;
    }

    /** Microseconds of every call that was made; of one that never returned, until it was given up. */
    Histogram latency() {
        Histogram micros = new Histogram(SIGNIFICANT_DIGITS);
        made().forEach(call -> micros.recordValue(TimeUnit.NANOSECONDS.toMicros(call.nanos())));
        return micros;
    }

    /** From the common start to the end of the last call. */
    Duration took() {
        return Duration.ofNanos(
                made().mapToLong(call -> call.endedAt() - startedAt).max().orElse(0));
    }

    private Stream<Call> made() {
        return calls.stream().filter(Call::wasMade);
    }
}
