package dev.burgee.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.settings.CommonSettings;
import dev.burgee.settings.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PulseSettingsTest {
    private static Environment environment(String... namesAndValues) {
        Map<String, String> variables = new HashMap<>(Map.of("AWS_REGION", "eu-west-1", "BURGEE_TOPOLOGY_SECRET", "t"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            variables.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Environment(variables);
    }

    @Test
    void hasTheDefaultsOfTheDesign() {
        assertThat(PulseSettings.from(environment()))
                .isEqualTo(new PulseSettings(
                        CommonSettings.from(environment()),
                        Profile.GLOBAL_DATASTORE,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Duration.ofMinutes(1)));
    }

    @Test
    void readsEveryVariable() {
        Environment all = environment(
                "BURGEE_CACHE_PROFILE", "self-managed",
                "BURGEE_REPLICATION_SECRET", "burgee/replication",
                "BURGEE_HOME_PARAMETER", "/burgee/prod/home",
                "BURGEE_AUTO_PROMOTE", "true",
                "BURGEE_PULSE_MS", "5000");

        assertThat(PulseSettings.from(all))
                .isEqualTo(new PulseSettings(
                        CommonSettings.from(environment()),
                        Profile.SELF_MANAGED,
                        Optional.of("burgee/replication"),
                        Optional.of("/burgee/prod/home"),
                        true,
                        Duration.ofSeconds(5)));
    }

    @Test
    void namesEverythingThatIsWrong() {
        Environment bad = environment(
                "AWS_REGION", "Dublin",
                "BURGEE_CACHE_PROFILE", "cluster",
                "BURGEE_REPLICATION_SECRET", "burgee/replication",
                "BURGEE_AUTO_PROMOTE", "yes",
                "BURGEE_PULSE_MS", "1");

        assertThat(catchThrowableOfType(MisconfiguredException.class, () -> PulseSettings.from(bad))
                        .problems())
                .containsExactly(
                        "BURGEE_CACHE_PROFILE must be global-datastore or self-managed",
                        "BURGEE_REPLICATION_SECRET is set, but only the self-managed profile moves replication",
                        "BURGEE_AUTO_PROMOTE is \"yes\", but must be true or false",
                        "BURGEE_PULSE_MS is \"1\", but must be a whole number of milliseconds from 100 to 3600000",
                        "AWS_REGION is \"Dublin\", but must be an AWS region code, for example eu-west-1");
    }
}
