package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.FAILED;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.PHANTOM_ORDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Claim;
import flashsale.explore.Explorer;
import flashsale.explore.Schedule;
import flashsale.explore.TraceEntry;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import flashsale.redis.RedissonConnection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RScript;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.StringCodec;
import redis.clients.jedis.RedisClient;

@DisplayName("Step 10 · ScriptedPurchase")
class ScriptedPurchaseTest {

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket: it never oversells")
    void neverOversells() {
        assertThat(explore(RedissonLesson.SCRIPT_NEVER_OVERSELLS)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("nor with three buyers and two tickets, in any of the six orders that there are")
    void neverOversellsToThree() {
        assertThat(explore(RedissonLesson.SCRIPT_NEVER_OVERSELLS_TO_THREE))
                .isProved()
                .byRunning(6);
    }

    @Test
    @Order(3)
    @DisplayName("whoever wants two gets two or none")
    void sellsDifferentQuantities() {
        assertThat(explore(RedissonLesson.SCRIPT_WITH_QUANTITIES)).isProved().byRunning(2);
    }

    @Test
    @Order(4)
    @DisplayName("a crash, and a script cache that is emptied, at any point")
    void standsACrashAndAFlush() {
        assertThat(explore(RedissonLesson.SCRIPT_STANDS_A_CRASH_AND_A_FLUSH))
                .isProved()
                .byRunning(48);
    }

    @Test
    @Order(5)
    @DisplayName("a reply is lost and the request repeated: it is sold once, and the buyer is told so")
    void standsALostReply() {
        assertThat(explore(RedissonLesson.SCRIPT_STANDS_A_LOST_REPLY))
                .isProved()
                .byRunning(12);
    }

    @Test
    @Order(6)
    @DisplayName("a timeline names the script, and not its SHA")
    void timeline() {
        Claim claim = RedissonLesson.SCRIPT_NEVER_OVERSELLS;

        assertThat(Explorer.on(RedisServers.shared())
                        .replay(claim.step(), claim.scenario(), Schedule.parse("1A,1B"))
                        .trace())
                .extracting(TraceEntry::command)
                .allMatch(command -> command.startsWith("EVALSHA(purchase once) stock orders request:"));
    }

    @Test
    @Order(7)
    @DisplayName(
            "evalSha of a script that the server does not know throws; eval is sent as EVALSHA, and brings the script")
    void whoBringsTheScript() {
        RedisServer server = EmptyRedis.shared();
        try (RedisClient redis = server.connect();
                RedissonConnection redisson = RedissonConnection.to(server)) {
            redis.scriptFlush();
            RScript scripts = redisson.client().getScript(StringCodec.INSTANCE);
            Script answers = Script.of("return 'here'");

            assertThatThrownBy(() -> scripts.evalSha(Mode.READ_WRITE, answers.sha(), ReturnType.VALUE))
                    .isInstanceOf(RedisNoScriptException.class);
            int withTheText = Ask.calls(server, "eval");
            int bySha = Ask.calls(server, "evalsha");
            assertThat(scripts.<String>eval(Mode.READ_WRITE, answers.text(), ReturnType.VALUE))
                    .isEqualTo("here");
            assertThat(Ask.calls(server, "eval")).isEqualTo(withTheText);
            assertThat(Ask.calls(server, "evalsha")).isGreaterThan(bySha);
            assertThat(scripts.<String>evalSha(Mode.READ_WRITE, answers.sha(), ReturnType.VALUE))
                    .isEqualTo("here");
        }
    }

    @Test
    @Order(8)
    @DisplayName("without the look at the stock, the look at the request id, or the recovery, a proof fails")
    void everyCheckIsNeeded() {
        assertProofFailsFor(Copies.STOCK_IGNORED, RedissonLesson.SCRIPT_NEVER_OVERSELLS, OVERSOLD);
        assertProofFailsFor(Copies.ID_IGNORED, RedissonLesson.SCRIPT_STANDS_A_LOST_REPLY, PHANTOM_ORDER);
        assertProofFailsFor(Copies.WITHOUT_RECOVERY, RedissonLesson.SCRIPT_STANDS_A_CRASH_AND_A_FLUSH, FAILED);
    }
}
