package dev.burgee.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failover.PulseReport.Cache;
import dev.burgee.failover.PulseReport.Home;
import dev.burgee.failover.PulseReport.Wanted;
import dev.burgee.failover.WireServer.Answer;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.services.lambda.LambdaClient;

class LambdaPulseIT {
    private static final String REPORT = """
            {"region":"eu-west-1","at":"2026-11-21T05:00:01Z","profile":"global-datastore",
             "home":{"region":"eu-west-1","epoch":2,"since":"2026-11-21T05:00:00Z","entry":42},
             "cache":{"reachable":true,"writable":true,"position":42,"checkedAt":null,"behind":0,"lagMs":0},
             "ledger":{"reachable":true,"end":42},"caches":[],"views":[],"promotionWanted":null,
             "outcome":"promoted","reason":null,"done":["announced"],"problems":["the cache of us-east-1 is away"]}""";

    private final WireServer server = new WireServer();
    private final AwsApi<LambdaClient> api =
            Wire.api("Lambda", server.address(), Duration.ofSeconds(10), LambdaClient::builder);
    private final Pulse pulse = new LambdaPulse(Wire.HERE, "burgee-region-pulse", api);

    @AfterEach
    void close() {
        api.forget();
        server.close();
    }

    @Test
    void invokesAndReadsTheReport() {
        server.say(Answer.of(200, REPORT));

        assertThat(pulse.wake(new ControlPlaneView.Primary(FakeRegions.BOTH), Wire.ample()))
                .isEqualTo(new PulseReport(
                        new Home(Wire.HERE, 2, Instant.parse("2026-11-21T05:00:00Z")),
                        Cache.WRITABLE,
                        null,
                        List.of("the cache of us-east-1 is away")));
        assertThat(server.requests())
                .containsExactly(
                        "POST /2015-03-31/functions/burgee-region-pulse/invocations"
                                + " {\"action\":\"wake\",\"controlPlane\":\"primary\",\"members\":[\"eu-west-1\",\"us-east-1\"]}");
    }

    private record Case(String name, String report, PulseReport expected) {}

    @TestFactory
    Stream<DynamicTest> readsWhatDecides() {
        Home first = new Home(new Region("us-east-1"), 0, null);
        String start = "{\"region\":\"eu-west-1\",\"home\":";
        String primary = start + "{\"region\":\"us-east-1\",\"epoch\":0,\"since\":null}";
        return Stream.of(
                        new Case("no promotion", primary + "}", report(first, Cache.UNKNOWN, null)),
                        new Case("no ledger", start + "null}", report(null, Cache.UNKNOWN, null)),
                        new Case(
                                "read-only",
                                primary + ",\"cache\":{\"reachable\":true,\"writable\":false}}",
                                report(first, Cache.READ_ONLY, null)),
                        new Case(
                                "out of reach",
                                primary + ",\"cache\":{\"reachable\":false,\"writable\":true}}",
                                report(first, Cache.UNKNOWN, null)),
                        new Case(
                                "not said",
                                primary + ",\"cache\":{\"reachable\":true,\"writable\":null}}",
                                report(first, Cache.UNKNOWN, null)),
                        new Case(
                                "wanted",
                                primary + ",\"promotionWanted\":{\"region\":\"eu-west-1\",\"why\":\"majority\"}}",
                                report(first, Cache.UNKNOWN, new Wanted(Wire.HERE, "majority"))))
                .map(row -> DynamicTest.dynamicTest(
                        row.name,
                        () -> assertThat(PulseReports.parse(row.report, Wire.HERE))
                                .isEqualTo(row.expected)));
    }

    private record Bad(String name, Answer answer, String message) {}

    @TestFactory
    Stream<DynamicTest> saysWhyThereIsNoReport() {
        return Stream.of(
                        new Bad(
                                "the function failed",
                                new Answer(
                                        200,
                                        Map.of("X-Amz-Function-Error", "Unhandled"),
                                        "{\"errorMessage\":\"boom\"}",
                                        false),
                                "region-pulse failed (Unhandled): see its log"),
                        new Bad("nothing", Answer.of(200, ""), "the report of region-pulse is empty"),
                        new Bad(
                                "half",
                                Answer.of(200, REPORT.substring(0, 90)),
                                "is not valid JSON: it ends too early"),
                        new Bad("null", Answer.of(200, "null"), "has no member home"),
                        new Bad("another shape", Answer.of(200, "{\"region\":\"eu-west-1\"}"), "has no member home"),
                        new Bad(
                                "another region's",
                                Answer.of(
                                        200,
                                        REPORT.replace(
                                                "{\"region\":\"eu-west-1\",\"at\"",
                                                "{\"region\":\"us-east-1\",\"at\"")),
                                "is not of eu-west-1: BURGEE_PULSE_FUNCTION must name this region's"),
                        new Bad(
                                "no epoch",
                                Answer.of(200, REPORT.replace("\"epoch\":2", "\"epoch\":\"two\"")),
                                "home has no epoch of 0 or more"),
                        new Bad(
                                "no region",
                                Answer.of(200, REPORT.replace("\"eu-west-1\",\"epoch\"", "\"mars\",\"epoch\"")),
                                "must look like an AWS region code"),
                        new Bad(
                                "no such function",
                                error(404, "ResourceNotFoundException"),
                                "Lambda says ResourceNotFoundException"),
                        new Bad("denied", error(403, "AccessDeniedException"), "Lambda says AccessDeniedException"),
                        new Bad("throttled", error(429, "TooManyRequestsException"), "TooManyRequestsException"))
                .map(row -> DynamicTest.dynamicTest(row.name, () -> {
                    server.say(row.answer);
                    assertThatThrownBy(() -> pulse.wake(new ControlPlaneView.NotAsked(), Wire.ample()))
                            .isInstanceOf(AwsFailureException.class)
                            .hasMessageContaining(row.message);
                }));
    }

    @Test
    void backsOffWhileThrottled() {
        server.say(error(429, "TooManyRequestsException"), Answer.of(200, REPORT));

        assertThat(pulse.wake(new ControlPlaneView.Primary(FakeRegions.BOTH), Wire.ample())
                        .cache())
                .isEqualTo(Cache.WRITABLE);
    }

    @Test
    void isGivenUpAtTheDeadline() {
        server.say(Answer.never());

        assertThatThrownBy(() ->
                        pulse.wake(new ControlPlaneView.Primary(FakeRegions.BOTH), Wire.in(Duration.ofMillis(600))))
                .hasMessageContaining("Lambda did not answer within");
    }

    private static PulseReport report(
            @org.jspecify.annotations.Nullable Home home,
            Cache cache,
            @org.jspecify.annotations.Nullable Wanted wanted) {
        return new PulseReport(home, cache, wanted, List.of());
    }

    private static Answer error(int status, String type) {
        return new Answer(
                status,
                Map.of("x-amzn-ErrorType", type, "Content-Type", "application/json"),
                "{\"Type\":\"User\",\"Message\":\"no\"}",
                false);
    }
}
