package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.AbstractTransaction;

@DisplayName("What many buyers cost, in one schedule")
class EffortTest {

    private final Explorer explorer = Explorer.on(RedisServers.shared());

    private static Outcome watched(Sale sale, Purchase purchase) {
        while (true) {
            try (AbstractTransaction transaction = sale.redis.transaction(false)) {
                transaction.watch(sale.stock);
                if (Integer.parseInt(transaction.get(sale.stock).get()) < purchase.quantity()) {
                    return Outcome.SOLD_OUT;
                }
                transaction.multi();
                transaction.decrBy(sale.stock, purchase.quantity());
                transaction.hincrBy(sale.orders, purchase.buyer(), purchase.quantity());
                if (transaction.exec() != null) {
                    return Outcome.SOLD;
                }
            }
        }
    }

    @Test
    void one_after_the_other_each_buyer_finishes_and_in_lock_step_each_sends_one_command_in_turn() {
        List<String> sent = new CopyOnWriteArrayList<>();
        Step twoCommands = Sale.step((sale, purchase) -> {
            sale.redis.decrBy(sale.stock, purchase.quantity());
            sent.add(purchase.buyer());
            sale.record(purchase);
            sent.add(purchase.buyer());
            return Outcome.SOLD;
        });

        explorer.effort(twoCommands, 3, Pace.ONE_AFTER_THE_OTHER);
        assertThat(sent).containsExactly("buyer-1", "buyer-1", "buyer-2", "buyer-2", "buyer-3", "buyer-3");
        sent.clear();
        explorer.effort(twoCommands, 3, Pace.LOCK_STEP);
        assertThat(sent).containsExactly("buyer-1", "buyer-2", "buyer-3", "buyer-1", "buyer-2", "buyer-3");
    }

    @Test
    void commands_that_travel_together_are_one_round_trip() {
        Step transaction = Sale.step((sale, purchase) -> {
            try (AbstractTransaction both = sale.redis.transaction(true)) {
                both.decrBy(sale.stock, purchase.quantity());
                both.hincrBy(sale.orders, purchase.buyer(), purchase.quantity());
                both.exec(); // MULTI and what is queued in one, EXEC in another
                return Outcome.SOLD;
            }
        });

        assertThat(explorer.effort(transaction, 4, Pace.LOCK_STEP)).isEqualTo(new Effort(4, 4, 8, 0, List.of()));
    }

    @Test
    void in_lock_step_every_success_makes_all_others_begin_again() {
        Step watched = Sale.step(EffortTest::watched);

        // Four round trips for each of 4 + 3 + 2 + 1 attempts.
        assertThat(explorer.effort(watched, 4, Pace.LOCK_STEP)).isEqualTo(new Effort(4, 4, 40, 6, List.of()));
        assertThat(explorer.effort(watched, 4, Pace.ONE_AFTER_THE_OTHER)).isEqualTo(new Effort(4, 4, 16, 0, List.of()));
    }

    @Test
    void the_sale_is_audited() {
        Step nothing = Sale.step((sale, purchase) -> {
            sale.left();
            return Outcome.SOLD;
        });

        Effort effort = explorer.effort(nothing, 1, Pace.LOCK_STEP);

        assertThat(effort.findings()).hasSize(1);
        assertThat(effort.findings().get(0).verdict()).isEqualTo(Verdict.LOST_ORDER);
    }

    @Test
    void there_is_at_least_one_buyer() {
        assertThatThrownBy(() -> explorer.effort(Sale.step(EffortTest::watched), 0, Pace.LOCK_STEP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("buyers is 0, but must be a whole number from 1");
    }
}
