package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.args.RawableFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Step 8: the script of step 2, and purchases that arrive together leave together. Everybody stands in line. Whoever finds
 * that nobody is sending takes the whole line, the own purchase included, and sends it as one pipeline; who
 * comes meanwhile leaves with the next. The technique is known as <i>flat combining</i> (Hendler, Incze, Shavit, Tzafrir,
 * <a href="https://doi.org/10.1145/1810479.1810540">Flat Combining and the Synchronization-Parallelism Tradeoff</a>,
 * SPAA 2010).
 *
 * <p><b>Why it holds.</b> A pipeline is no transaction: it saves round trips, and other clients' commands may come
 * between its own. It need not be one, since each purchase is atomic by itself and has a reply of its own; so an error
 * of one is nobody else's. Who has sent wakes the first in line, so nobody is forgotten, and nobody is in line for
 * longer than two round trips. The line is bounded: who finds it full is told {@code CONTENDED} at once.
 *
 * <p><b>Where the time goes.</b> A pipelined command costs the server so little that threads which fall asleep and are
 * woken cost more CPU than Redis. So who stands in line gives way to others for a while, and sleeps only if there is
 * still no answer. And everybody makes their own command, from parts that are encoded once: who sends only writes it.
 *
 * <p><b>What it costs.</b> If the reply to a batch is lost, nobody in it knows what became of the purchase: see step 4.
 * And whoever gives way keeps a core busy: between two machines a round trip is longer, and more of them go to sleep.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest=PipelinedPurchaseTest}
 */
public final class PipelinedPurchase implements FlashSale {

    private static final int YIELDS = 100; // in a crowd nearly all have an answer by then; else some 70 µs are lost
    private static final Rawable SHA = RawableFactory.from(AtomicPurchase.SCRIPT.sha());

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final Rawable stockKey;
    private final Rawable ordersKey;
    private final String limit;
    private final int mostInLine;
    private final Queue<Wish> line = new ArrayDeque<>(); // guarded by itself
    private final Lock sender = new ReentrantLock(); // who holds it sends

    /**
     * @param limit the most units that one buyer may hold, from 1, or empty if there is no limit
     * @param mostInLine how many may wait for the next round trip, from 1
     * @throws IllegalArgumentException if the limit or the line is below 1
     */
    public PipelinedPurchase(UnifiedJedis redis, String item, OptionalInt limit, int mostInLine) {
        if (mostInLine < 1) {
            throw new IllegalArgumentException("mostInLine is " + mostInLine + ", but must be a whole number from 1");
        }
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.stockKey = RawableFactory.from(keys.stock());
        this.ordersKey = RawableFactory.from(keys.orders());
        this.limit = SaleKeys.checkLimit(limit).isPresent() ? String.valueOf(limit.getAsInt()) : "none";
        this.mostInLine = mostInLine;
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
        AtomicPurchase.SCRIPT.load(redis, keys.stock());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        Wish wish = new Wish(command(purchase));
        synchronized (line) {
            if (line.size() == mostInLine) {
                return Outcome.CONTENDED;
            }
            line.add(wish);
        }
        for (int looks = 0; !wish.answered; looks++) {
            if (sender.tryLock()) {
                try {
                    if (!wish.answered) { // else the last sender answered it between the look and the lock
                        sendLine();
                    }
                } finally {
                    sender.unlock();
                    wakeTheFirst();
                }
            } else if (looks < YIELDS) {
                Thread.yield();
            } else {
                wish.sleep();
            }
        }
        try {
            return Outcome.valueOf(wish.reply.get());
        } catch (JedisNoScriptException notInTheCache) {
            return Outcome.valueOf(AtomicPurchase.SCRIPT
                    .run(
                            redis,
                            List.of(keys.stock(), keys.orders()),
                            List.of(purchase.buyer(), String.valueOf(purchase.quantity()), limit))
                    .toString());
        }
    }

    private CommandObject<String> command(Purchase purchase) {
        CommandArguments evalsha = new CommandArguments(Command.EVALSHA)
                .add(SHA)
                .add(2)
                .key(stockKey)
                .key(ordersKey)
                .add(purchase.buyer())
                .add(purchase.quantity())
                .add(limit);
        return new CommandObject<>(evalsha, BuilderFactory.STRING);
    }

    /** One round trip for everybody in line, by whoever has the lock. */
    private void sendLine() {
        // An interrupt is meant for the sender alone; the pool of connections would fail the whole batch for it.
        boolean interrupted = Thread.interrupted();
        List<Wish> batch = takeLine();
        try {
            send(batch);
        } catch (RuntimeException | Error lost) {
            batch.forEach(wish -> wish.lost(lost));
        } finally {
            batch.forEach(Wish::answer);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<Wish> takeLine() {
        synchronized (line) {
            List<Wish> batch = List.copyOf(line);
            line.clear();
            return batch;
        }
    }

    private void send(List<Wish> batch) {
        try (AbstractPipeline pipeline = redis.pipelined()) {
            List<Response<String>> replies = new ArrayList<>();
            for (Wish wish : batch) {
                replies.add(pipeline.executeCommand(wish.command));
            }
            pipeline.sync();
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).reply = replies.get(i); // an error is thrown where the reply is asked for
            }
        }
    }

    /** If all who came meanwhile are asleep, one of them has to send. */
    private void wakeTheFirst() {
        synchronized (line) {
            if (!line.isEmpty()) {
                line.peek().wake();
            }
        }
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }

    /** A purchase in line. */
    private static final class Wish {
        private final CommandObject<String> command;
        private Supplier<String> reply; // set by whoever sends, before it is answered
        private volatile boolean answered;
        private boolean woken;

        private Wish(CommandObject<String> command) {
            this.command = command;
        }

        private void lost(Throwable cause) {
            if (reply == null) { // whoever has a reply keeps it
                reply = () -> {
                    throw new JedisConnectionException("no reply to the batch that the purchase was in", cause);
                };
            }
        }

        private synchronized void answer() {
            answered = true;
            notify();
        }

        private synchronized void wake() {
            woken = true;
            notify();
        }

        /** Until it is answered or woken; not for long, since whoever sends is held to the client's timeout. */
        private synchronized void sleep() {
            boolean interrupted = false;
            while (!answered && !woken) {
                try {
                    wait();
                } catch (InterruptedException later) {
                    interrupted = true; // the purchase may be under way: only its reply says what became of it
                }
            }
            woken = false;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
