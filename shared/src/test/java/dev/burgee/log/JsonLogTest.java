package dev.burgee.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.burgee.json.JsonTree;
import dev.burgee.time.FakeTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLogTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // a locale without umlauts, as Lambda's is
    private final Log log = new JsonLog(
            new PrintStream(bytes, false, StandardCharsets.US_ASCII), new FakeTime(), Map.of("region", "eu-west-1"));

    @Test
    void writesEventAndLevelFirst() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("replica_unavailable", true);
        fields.put("ms", 12.5);

        log.warn("fallback", fields);

        assertThat(text())
                .isEqualTo("{\"event\":\"fallback\",\"level\":\"warn\",\"time\":\"2026-11-21T05:00:00Z\","
                        + "\"region\":\"eu-west-1\",\"replica_unavailable\":true,\"ms\":12.5}\n");
    }

    @Test
    void aLineIsALineWhateverItHolds() {
        log.info("strange", Map.of("value", "a\nb\r\"c\"\u2028ü\u0000", "half", "\ud800"));
        log.error("next", Map.of());

        String[] lines = text().split("\n", -1);
        assertThat(lines).hasSize(3);
        assertThat(JsonTree.of(lines[0]).text("value")).isEqualTo("a\nb\r\"c\"\u2028ü\u0000");
        assertThat(JsonTree.of(lines[1]).text("level")).isEqualTo("error");
    }

    @Test
    void writesOtherValuesAsText() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("nothing", null);
        fields.put("nan", Double.NaN);
        fields.put("long", Long.MAX_VALUE);
        fields.put("other", Thread.State.NEW);
        write(fields);

        JsonTree line = JsonTree.of(text());
        assertThat(line.has("nothing")).isTrue();
        assertThat(line.text("nan")).isEqualTo("NaN");
        assertThat(line.number("long")).isEqualTo(Long.MAX_VALUE);
        assertThat(line.text("other")).isEqualTo("NEW");
    }

    @Test
    void cutsValuesThatAreTooLong() {
        log.info("long", Map.of("value", "x".repeat(JsonLog.VALUE_MAX + 1)));

        assertThat(JsonTree.of(text()).text("value")).isEqualTo("x".repeat(JsonLog.VALUE_MAX) + "…");
    }

    @Test
    void fieldsDoNotReplaceWhatEveryLineHas() {
        log.info("real", Map.of("event", "forged", "region", "forged"));

        assertThat(JsonTree.of(text()).text("event")).isEqualTo("real");
        assertThat(JsonTree.of(text()).text("region")).isEqualTo("eu-west-1");
    }

    @Test
    void neverThrows() {
        Map<String, String> broken = new AbstractMap<>() {
            @Override
            public Set<Entry<String, String>> entrySet() {
                throw new IllegalStateException("broken");
            }
        };

        assertThatCode(() -> log.info("x", broken)).doesNotThrowAnyException();
    }

    @SuppressWarnings("NullAway") // what callers without the tool may do
    private void write(Map<String, @Nullable Object> fields) {
        log.info("values", fields);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
