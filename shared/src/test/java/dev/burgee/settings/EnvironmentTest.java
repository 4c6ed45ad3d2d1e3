package dev.burgee.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
    @Test
    void readsEachType() {
        var environment = new Environment(Map.of(
                "TEXT",
                " a b ",
                "REGION",
                "eu-west-1",
                "REGIONS",
                "eu-west-1, us-east-1,",
                "LIST",
                "a, b,,c",
                "YES",
                "true",
                "NO",
                "false",
                "WAIT_MS",
                "250"));

        assertThat(environment.text("TEXT")).contains("a b");
        assertThat(environment.requiredText("TEXT")).contains("a b");
        assertThat(environment.region("REGION")).contains(new Region("eu-west-1"));
        assertThat(environment.requiredRegion("REGION")).contains(new Region("eu-west-1"));
        assertThat(environment.regions("REGIONS")).containsExactly(new Region("eu-west-1"), new Region("us-east-1"));
        assertThat(environment.list("LIST")).containsExactly("a", "b", "c");
        assertThat(environment.isTrue("YES")).isTrue();
        assertThat(environment.isTrue("NO")).isFalse();
        assertThat(millis(environment, "WAIT_MS")).isEqualTo(Duration.ofMillis(250));
        assertThatCode(() -> environment.check("settings")).doesNotThrowAnyException();
    }

    @Test
    void blankIsNotSet() {
        var environment = new Environment(Map.of("BLANK", "  "));

        assertThat(environment.text("BLANK")).isEmpty();
        assertThat(environment.region("BLANK")).isEmpty();
        assertThat(environment.regions("BLANK")).isEmpty();
        assertThat(environment.list("BLANK")).isEmpty();
        assertThat(environment.isTrue("BLANK")).isFalse();
        assertThat(millis(environment, "BLANK")).isEqualTo(Duration.ofMillis(5));
        assertThatCode(() -> environment.check("settings")).doesNotThrowAnyException();
    }

    @Test
    void refusesEverythingThatIsWrongAtOnce() {
        var environment = new Environment(Map.of(
                "REGION",
                "Dublin",
                "REGIONS",
                "eu-west-1,eu-west-1,x",
                "YES",
                "yes",
                "WAIT_MS",
                "1s",
                "BURGEE_OPEN_READ",
                "true",
                "BURGEE_OPEN_READS",
                "true"));
        environment.requiredText("TEXT");
        environment.requiredRegion("NOWHERE");
        environment.requiredRegion("REGION");
        environment.regions("REGIONS");
        environment.isTrue("YES");
        millis(environment, "WAIT_MS");

        assertThat(problems(environment))
                .containsExactly(
                        "BURGEE_OPEN_READ is not a variable that Burgee knows; is it misspelt?",
                        "TEXT is not set",
                        "NOWHERE is not set",
                        "REGION is \"Dublin\", but must be an AWS region code, for example eu-west-1",
                        "REGIONS names eu-west-1 twice",
                        "REGIONS is \"x\", but must be an AWS region code, for example eu-west-1",
                        "YES is \"yes\", but must be true or false",
                        "WAIT_MS is \"1s\", but must be a whole number of milliseconds from 1 to 100000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "100001", "-1", "1.5", "1e3", "9999999999999", "0x10", "\u0661"})
    void refusesAWaitBeyondItsLimits(String value) {
        var environment = new Environment(Map.of("WAIT_MS", value));

        assertThat(millis(environment, "WAIT_MS")).isEqualTo(Duration.ofMillis(5));
        assertThat(problems(environment)).hasSize(1);
    }

    @Test
    void showsNamesButNoValues() {
        assertThat(new Environment(Map.of("REDIS_PASSWORD", "hunter2"))).hasToString("Environment[REDIS_PASSWORD]");
    }

    private static Duration millis(Environment environment, String name) {
        return environment.millis(name, Duration.ofMillis(5), Duration.ofMillis(1), Duration.ofSeconds(100));
    }

    private static List<String> problems(Environment environment) {
        return catchThrowableOfType(MisconfiguredException.class, () -> environment.check("settings"))
                .problems();
    }
}
