package dev.burgee.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.burgee.failure.MisconfiguredException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final List<String> NAMES = List.of(
            "BURGEE_LOCAL_CONNECT_MS",
            "BURGEE_LOCAL_READ_MS",
            "BURGEE_CROSS_CONNECT_MS",
            "BURGEE_CROSS_READ_MS",
            "BURGEE_CROSS_WRITE_MS",
            "BURGEE_LEDGER_CALL_MS",
            "BURGEE_AWS_CALL_MS",
            "BURGEE_WHOLE_READ_MS",
            "BURGEE_WHOLE_WRITE_MS",
            "BURGEE_FRESHNESS_WINDOW_MS",
            "BURGEE_CHECKED_AGE_MAX_MS",
            "BURGEE_SECRET_REFRESH_MS");

    @Test
    void hasTheDefaultsOfTheDesign() {
        assertThat(Limits.from(new Environment(Map.of())))
                .isEqualTo(Limits.DEFAULTS)
                .isEqualTo(new Limits(
                        Duration.ofMillis(100),
                        Duration.ofMillis(50),
                        Duration.ofMillis(300),
                        Duration.ofMillis(300),
                        Duration.ofMillis(500),
                        Duration.ofMillis(1000),
                        Duration.ofMillis(2000),
                        Duration.ofMillis(1000),
                        Duration.ofMillis(5000),
                        Duration.ofMillis(250),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5)));
    }

    @Test
    void readsEveryVariable() {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < NAMES.size(); i++) {
            variables.put(NAMES.get(i), Integer.toString(i + 1));
        }
        var environment = new Environment(variables);

        assertThat(Limits.from(environment))
                .isEqualTo(new Limits(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        Duration.ofMillis(4),
                        Duration.ofMillis(5),
                        Duration.ofMillis(6),
                        Duration.ofMillis(7),
                        Duration.ofMillis(8),
                        Duration.ofMillis(9),
                        Duration.ofMillis(10),
                        Duration.ofMillis(11),
                        Duration.ofMillis(12)));
        environment.check("limits");
    }

    @Test
    void everyVariableIsKnown() {
        assertThat(Environment.KNOWN).containsAll(NAMES);
    }

    @Test
    void theFreshnessWindowMayBeZero() {
        var environment = new Environment(Map.of("BURGEE_FRESHNESS_WINDOW_MS", "0"));

        assertThat(Limits.from(environment).freshnessWindow()).isEqualTo(Duration.ZERO);
        environment.check("limits");
    }

    @Test
    void namesEachVariableThatIsBeyondItsLimits() {
        Map<String, String> variables = new HashMap<>();
        NAMES.forEach(name -> variables.put(name, "999999999"));
        var environment = new Environment(variables);
        Limits.from(environment);

        var thrown = catchThrowableOfType(MisconfiguredException.class, () -> environment.check("limits"));
        assertThat(thrown.problems())
                .containsExactly(
                        problem("BURGEE_LOCAL_CONNECT_MS", 1, 4_000),
                        problem("BURGEE_LOCAL_READ_MS", 1, 4_000),
                        problem("BURGEE_CROSS_CONNECT_MS", 1, 4_000),
                        problem("BURGEE_CROSS_READ_MS", 1, 4_000),
                        problem("BURGEE_CROSS_WRITE_MS", 1, 14_000),
                        problem("BURGEE_LEDGER_CALL_MS", 1, 14_000),
                        problem("BURGEE_AWS_CALL_MS", 1, 4_000),
                        problem("BURGEE_WHOLE_READ_MS", 1, 1_300),
                        problem("BURGEE_WHOLE_WRITE_MS", 1, 14_000),
                        problem("BURGEE_FRESHNESS_WINDOW_MS", 0, 60_000),
                        problem("BURGEE_CHECKED_AGE_MAX_MS", 1, 86_400_000),
                        problem("BURGEE_SECRET_REFRESH_MS", 1, 86_400_000));
    }

    private static String problem(String name, int min, int max) {
        return name + " is \"999999999\", but must be a whole number of milliseconds from " + min + " to " + max;
    }
}
