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
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Step 8: the script of step 2, and purchases that arrive together leave together. While one round trip is under way
 * whoever comes stands in line; when it is over, the first in line sends the whole line in one write, a pipeline.
 *
 * <p><b>Why it holds.</b> A pipeline is no transaction: it saves round trips, and other clients' commands may come
 * between its own. It need not be one, since each purchase is atomic by itself and has a reply of its own; so an error
 * of one is nobody else's. Who sends has its own purchase in the batch and hands over afterwards, so nobody waits for
 * longer than two round trips. The line is bounded: who finds it full is told {@code CONTENDED} at once.
 *
 * <p><b>Where the time goes.</b> A pipelined command costs the server little; then threads that fall asleep and are woken
 * cost more CPU than Redis. So who stands in line gives way to others a few times, and sleeps only if there is still no
 * answer. And everybody makes their own command: who sends only writes it.
 *
 * <p><b>What it costs.</b> If the reply to a batch is lost, everybody in it does not know. See step 4.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest=PipelinedPurchaseTest}
 */
public final class PipelinedPurchase implements FlashSale {

    private static final int YIELDS = 10; // in a crowd most have their answer by then; else some µs are lost

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String limit;
    private final int mostInLine;
    private final Queue<Wish> line = new ArrayDeque<>();
    private boolean sending; // somebody sends, or has been told to; guarded by the line, as the line itself

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
            wish.leads = !sending;
            sending = true;
        }
        if (wish.waitsUntilItLeads()) {
            sendLine();
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
                .add(AtomicPurchase.SCRIPT.sha())
                .add(2)
                .key(keys.stock())
                .key(keys.orders())
                .add(purchase.buyer())
                .add(purchase.quantity())
                .add(limit);
        return new CommandObject<>(evalsha, BuilderFactory.STRING);
    }

    /** One round trip for everybody in line. */
    private void sendLine() {
        // An interrupt is meant for the sender alone; the pool of connections would fail the whole batch for it.
        boolean interrupted = Thread.interrupted();
        List<Wish> batch;
        synchronized (line) {
            batch = List.copyOf(line);
            line.clear();
        }
        try (AbstractPipeline pipeline = redis.pipelined()) {
            List<Response<String>> replies = new ArrayList<>();
            for (Wish wish : batch) {
                replies.add(pipeline.executeCommand(wish.command));
            }
            pipeline.sync();
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).reply = replies.get(i); // an error is thrown where the reply is asked for
            }
        } catch (RuntimeException | Error lost) {
            batch.forEach(wish -> wish.lost(lost));
        } finally {
            handOver(); // before the answers: the next batch is under way while this one's buyers wake up
            batch.forEach(Wish::answer);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Who came first while the batch was under way sends the next one. */
    private void handOver() {
        synchronized (line) {
            sending = !line.isEmpty();
            if (sending) {
                line.peek().lead();
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
        private volatile boolean leads;
        private volatile boolean answered;

        private Wish(CommandObject<String> command) {
            this.command = command;
        }

        private synchronized void lead() {
            leads = true;
            notify();
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

        /** Waits; not for long, since whoever sends is held to the client's timeout. @return false if it has a reply */
        private boolean waitsUntilItLeads() {
            for (int i = 0; i < YIELDS && !leads && !answered; i++) {
                Thread.yield();
            }
            return sleepsUntilItLeads();
        }

        private synchronized boolean sleepsUntilItLeads() {
            boolean interrupted = false;
            while (!leads && !answered) {
                try {
                    wait();
                } catch (InterruptedException later) {
                    interrupted = true; // the purchase may be under way: only its reply says what became of it
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return leads;
        }
    }
}
