package flashsale.explore;

import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.params.SetParams;

/**
 * Small programs made up from a seed, out of everything that the explorer has a rule for: plain reads and writes, keys
 * with a lease, WATCH, scripts, polling with and without a deadline, endless retries, threads beside a purchase, and a JVM
 * lock. A purchase ends by
 * telling all that it has seen, so that two schedules with one end state cannot have differed for anybody.
 */
final class RandomPrograms {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final String SCRIPT = "return redis.call('INCR', KEYS[1])";
    private static final List<String> OPERATIONS = List.of(
            "get",
            "get",
            "set",
            "append",
            "del",
            "lease",
            "release",
            "transaction",
            "script",
            "poll",
            "poll-deadline",
            "retry",
            "beside");

    private final Map<String, List<String>> programs = new HashMap<>();
    private final boolean locked;

    /** @param most how many commands all buyers together may send, about; that bounds the number of schedules */
    RandomPrograms(long seed, List<String> buyers, int most, boolean locked) {
        this.locked = locked;
        Random random = new Random(seed);
        int commands = 0;
        for (String buyer : buyers) {
            List<String> program = new ArrayList<>();
            int share = (most - commands) / (buyers.size() - programs.size());
            for (int sent = 0; sent < share; ) {
                String operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
                int size = size(operation);
                if (sent + size <= share) {
                    program.add(operation + " " + (random.nextBoolean() ? "x" : "y"));
                    sent += size;
                    commands += size;
                }
            }
            programs.put(buyer, program);
        }
    }

    private static int size(String operation) {
        return switch (operation) {
            case "transaction" -> 3;
            case "release", "poll", "poll-deadline", "retry", "beside" -> 2;
            default -> 1;
        };
    }

    Step step() {
        return Sale.step(this::buy);
    }

    private Outcome buy(Sale sale, Purchase purchase) {
        if (!locked) {
            return run(sale, purchase);
        }
        synchronized (sale) {
            return run(sale, purchase);
        }
    }

    private Outcome run(Sale sale, Purchase purchase) {
        StringBuilder seen = new StringBuilder();
        for (String operation : programs.get(purchase.buyer())) {
            String[] words = operation.split(" ");
            String key = sale.stock.replace("stock", words[1]);
            seen.append(words[0])
                    .append('=')
                    .append(operate(sale, words[0], key, purchase.buyer()))
                    .append(' ');
        }
        throw new IllegalStateException(seen.toString());
    }

    private static Object operate(Sale sale, String operation, String key, String buyer) {
        return switch (operation) {
            case "get" -> sale.redis.get(key);
            case "set" -> sale.redis.set(key, buyer);
            case "append" -> sale.redis.append(key, "+");
            case "del" -> sale.redis.del(key);
            case "lease" ->
                sale.redis.set(key, buyer, SetParams.setParams().nx().px(LEASE.toMillis()));
            case "release" -> buyer.equals(sale.redis.get(key)) ? sale.redis.del(key) : "not mine";
            case "transaction" -> transaction(sale, key, buyer);
            case "script" -> sale.redis.eval(SCRIPT, 1, key + ":count");
            case "poll" -> poll(sale, key, Instant.MAX);
            case "poll-deadline" -> poll(sale, key, sale.shop.clock().instant().plus(LEASE));
            case "retry" -> retry(sale, key);
            case "beside" -> beside(sale, key);
            default -> throw new AssertionError(operation);
        };
    }

    private static Object transaction(Sale sale, String key, String buyer) {
        try (AbstractTransaction tx = sale.redis.transaction(false)) {
            tx.watch(key);
            Object before = tx.get(key).get();
            tx.multi();
            tx.set(key, buyer);
            tx.append(key + ":log", buyer);
            return before + ">" + tx.exec();
        }
    }

    /** Waits until the key is there. */
    private static Object poll(Sale sale, String key, Instant deadline) {
        while (sale.shop.clock().instant().isBefore(deadline)) {
            String value = sale.redis.get(key);
            if (value != null) {
                return value;
            }
            sale.shop.sleeper().sleep(Duration.ofMillis(100), deadline);
        }
        return "too late";
    }

    /** Something that another thread of the process does meanwhile, whenever it likes. */
    private static Object beside(Sale sale, String key) {
        sale.shop.repeater().every(LEASE, () -> sale.redis.append(key, "~"));
        return "started";
    }

    /** Tries again at once until the key is gone: without a cap this would never end. */
    private static Object retry(Sale sale, String key) {
        int attempts = 0;
        while (sale.redis.get(key) != null) {
            attempts++;
        }
        return attempts;
    }

    @Override
    public String toString() {
        return programs + (locked ? " under a JVM lock" : "");
    }
}
