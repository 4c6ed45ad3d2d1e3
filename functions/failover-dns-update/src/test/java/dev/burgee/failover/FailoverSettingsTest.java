package dev.burgee.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.region.Region;
import dev.burgee.settings.Environment;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FailoverSettingsTest {
    private static final Map<String, String> LEAST = Map.of(
            "AWS_REGION", "eu-west-1",
            "BURGEE_CACHE_NAME", "burgee-euw1.example.com",
            "BURGEE_HOSTED_ZONE", "Z0123456789",
            "BURGEE_PRIMARY_RECORD", "primary.burgee.internal",
            "BURGEE_PULSE_FUNCTION", "burgee-region-pulse:live");

    @Test
    void theLeastIsTheSelfManagedProfile() {
        assertThat(FailoverSettings.from(new Environment(LEAST)))
                .isEqualTo(new FailoverSettings(
                        new Region("eu-west-1"),
                        Optional.empty(),
                        Optional.empty(),
                        "burgee-euw1.example.com",
                        "Z0123456789",
                        "primary.burgee.internal",
                        "burgee-region-pulse:live",
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Duration.ofSeconds(2)));
    }

    @Test
    void everyVariableArrives() {
        Map<String, String> all = with(Map.of(
                "BURGEE_GLOBAL_DATASTORE",
                "ldgnf-burgee",
                "BURGEE_REPLICATION_GROUP",
                "burgee-euw1",
                "BURGEE_FAILOVER_TOPIC",
                "arn:aws:sns:eu-west-1:123456789012:burgee-cache",
                "BURGEE_HOME_PARAMETER",
                "/burgee/prod/home",
                "BURGEE_AUTO_PROMOTE",
                "true",
                "BURGEE_AWS_CALL_MS",
                "1500",
                "AWS_LAMBDA_FUNCTION_VERSION",
                "7"));

        assertThat(FailoverSettings.from(new Environment(all)))
                .isEqualTo(new FailoverSettings(
                        new Region("eu-west-1"),
                        Optional.of("7"),
                        Optional.of(new FailoverSettings.Datastore("ldgnf-burgee", "burgee-euw1")),
                        "burgee-euw1.example.com",
                        "Z0123456789",
                        "primary.burgee.internal",
                        "burgee-region-pulse:live",
                        Optional.of("arn:aws:sns:eu-west-1:123456789012:burgee-cache"),
                        Optional.of("/burgee/prod/home"),
                        true,
                        Duration.ofMillis(1500)));
    }

    @Test
    void namesEverythingThatIsMissingAtOnceAndTouchesNoNetwork() {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new FailoverDnsUpdateHandler(Map.of(), nowhere))
                .isInstanceOfSatisfying(
                        MisconfiguredException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "AWS_REGION is not set",
                                        "BURGEE_CACHE_NAME is not set",
                                        "BURGEE_HOSTED_ZONE is not set",
                                        "BURGEE_PRIMARY_RECORD is not set",
                                        "BURGEE_PULSE_FUNCTION is not set"));
        // the endpoint refuses every connection: making the function must not notice
        assertThat(new FailoverDnsUpdateHandler(with(Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:1")), nowhere))
                .isNotNull();
    }

    private record Bad(String name, String value, String problem) {}

    @TestFactory
    Stream<DynamicTest> refusesEachWrongValueWithTheRule() {
        return Stream.of(
                        new Bad("AWS_REGION", "mars", "must be an AWS region code"),
                        new Bad("BURGEE_CACHE_NAME", "rediss://c.example.com:6379", "without scheme and port"),
                        new Bad("BURGEE_CACHE_NAME", "cache", "a DNS name"),
                        new Bad("BURGEE_HOSTED_ZONE", "burgee.internal", "a hosted zone's id"),
                        new Bad("BURGEE_PRIMARY_RECORD", "primary..internal", "a full DNS name"),
                        new Bad("BURGEE_PRIMARY_RECORD", "Burgee-euw1.example.com.", "a CNAME cannot name itself"),
                        new Bad("BURGEE_PULSE_FUNCTION", "pulse function", "a Lambda function's name or ARN"),
                        new Bad("BURGEE_GLOBAL_DATASTORE", "ldgnf-burgee", "BURGEE_REPLICATION_GROUP is not set"),
                        new Bad("BURGEE_REPLICATION_GROUP", "burgee", "BURGEE_GLOBAL_DATASTORE is not set"),
                        new Bad("BURGEE_FAILOVER_TOPIC", "burgee-cache", "an SNS topic's ARN"),
                        new Bad(
                                "BURGEE_FAILOVER_TOPIC",
                                "arn:aws:sns:us-east-1:123456789012:burgee",
                                "is not in this region, eu-west-1"),
                        new Bad("BURGEE_HOME_PARAMETER", "home of burgee", "an SSM parameter's name"),
                        new Bad("BURGEE_AUTO_PROMOTE", "yes", "must be true or false"),
                        new Bad("BURGEE_AWS_CALL_MS", "0", "must be a whole number of milliseconds from 1 to 4000"),
                        new Bad("AWS_ENDPOINT_URL_ROUTE_53", "route53", "must be http://host:port"),
                        new Bad("BURGEE_HOSTED_ZONES", "Z1", "is it misspelt?"))
                .map(bad -> DynamicTest.dynamicTest(
                        bad.name + "=" + bad.value,
                        () -> assertThatThrownBy(
                                        () -> FailoverSettings.from(new Environment(with(Map.of(bad.name, bad.value)))))
                                .isInstanceOfSatisfying(
                                        MisconfiguredException.class,
                                        e -> assertThat(e.problems())
                                                .singleElement()
                                                .asString()
                                                .contains(bad.problem))));
    }

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(LEAST);
        all.putAll(more);
        return all;
    }
}
