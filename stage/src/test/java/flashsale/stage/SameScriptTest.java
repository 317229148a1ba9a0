package flashsale.stage;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.lua.IdempotentPurchase;
import flashsale.redisson.ScriptedPurchase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("No lesson depends on another, but lesson 5's script is lesson 4's")
class SameScriptTest {

    @Test
    @DisplayName("line by line, but for what its header says")
    void line_by_line() throws IOException {
        assertThat(belowItsHeader(ScriptedPurchase.class, "scripted-purchase.lua"))
                .isEqualTo(belowItsHeader(IdempotentPurchase.class, "idempotent-purchase.lua"));
    }

    private static String belowItsHeader(Class<?> step, String name) throws IOException {
        try (InputStream script = step.getResourceAsStream(name)) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            return text.substring(text.indexOf("-- KEYS"));
        }
    }
}
