package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;

/** Step 8 with something taken away; what the step proves must fail here. */
final class PipelinedPurchaseWithout implements FlashSale {

    /** What is taken away. */
    enum Without {
        /** Who has sent goes away, and nobody in line is woken. */
        WAKING,
        /** Replies are dealt out in the opposite order. */
        OWN_REPLY,
        /** An empty script cache is an error for the buyer. */
        RECOVERY
    }

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final Without without;
    private final Queue<Wish> line = new ArrayDeque<>();
    private final Lock sender = new ReentrantLock();

    PipelinedPurchaseWithout(UnifiedJedis redis, String item, Without without) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.without = without;
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(stock));
        redis.del(keys.orders());
        AtomicPurchase.SCRIPT.load(redis, keys.stock());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        Wish wish = new Wish(purchase);
        synchronized (line) {
            line.add(wish);
        }
        while (!wish.answered) {
            if (sender.tryLock()) {
                try {
                    if (!wish.answered) {
                        sendLine();
                    }
                } finally {
                    sender.unlock();
                    wakeTheFirst();
                }
            } else {
                wish.sleep();
            }
        }
        return Outcome.valueOf(wish.reply.get().toString());
    }

    private void sendLine() {
        List<Wish> batch = takeLine();
        try (AbstractPipeline pipeline = redis.pipelined()) {
            List<Response<Object>> replies = batch.stream()
                    .map(wish -> pipeline.evalsha(
                            AtomicPurchase.SCRIPT.sha(), keys(), List.of(wish.purchase.buyer(), "1", "none")))
                    .toList();
            pipeline.sync();
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).reply = replies.get(without == Without.OWN_REPLY ? batch.size() - 1 - i : i);
            }
        } finally {
            batch.forEach(Wish::answer);
        }
    }

    private List<Wish> takeLine() {
        synchronized (line) {
            List<Wish> batch = List.copyOf(line);
            line.clear();
            return batch;
        }
    }

    private void wakeTheFirst() {
        synchronized (line) {
            if (!line.isEmpty() && without != Without.WAKING) {
                line.peek().wake();
            }
        }
    }

    private List<String> keys() {
        return List.of(keys.stock(), keys.orders());
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }

    private static final class Wish {
        private final Purchase purchase;
        private Supplier<Object> reply;
        private volatile boolean answered;
        private boolean woken;

        Wish(Purchase purchase) {
            this.purchase = purchase;
        }

        synchronized void answer() {
            answered = true;
            notify();
        }

        synchronized void wake() {
            woken = true;
            notify();
        }

        synchronized void sleep() {
            while (!answered && !woken) {
                try {
                    wait();
                } catch (InterruptedException stopped) {
                    throw new IllegalStateException(stopped);
                }
            }
            woken = false;
        }
    }
}
