package dev.burgee.local;

import static dev.burgee.local.Geography.EU_WEST_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.json.Json;
import dev.burgee.json.JsonTree;
import dev.burgee.local.runtime.FunctionProcess;
import dev.burgee.local.runtime.InitFailedException;
import dev.burgee.local.runtime.PackagedFunctions;
import dev.burgee.local.runtime.RuntimeAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The zips that are deployed, started by AWS's runtime interface client with the handlers and variables of
 * {@code template.yaml}, in one region of a world of three. The client's native library is for Linux.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PackagedFunctionsIT {
    private static final String READ = RegionFunctions.READ;
    private static final String WRITE = RegionFunctions.WRITE;
    private static final String PULSE = RegionFunctions.PULSE;
    private static final String FAILOVER = RegionFunctions.FAILOVER;

    /** A JVM on a machine that has others to run as well. */
    private static final Duration INIT_MAX = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private final Map<String, FunctionProcess> started = new HashMap<>();
    private PackagedWorld packaged;
    private World world;
    private PackagedFunctions functions;

    @BeforeAll
    void start() {
        packaged = PackagedWorld.start(folder, PackagedWorld.GENEROUS);
        world = packaged.world();
        functions = packaged.functions();
    }

    @AfterEach
    void writesNothingButWholeLinesOfJson() {
        try {
            started.forEach((name, process) -> assertThat(process.output())
                    .as("standard output of %s", name)
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(Json.parse(line)).isInstanceOf(Map.class)));
        } finally {
            started.values().forEach(FunctionProcess::close);
            started.clear();
        }
    }

    @AfterAll
    void close() {
        packaged.close();
    }

    @Test
    void areThoseThatTheWorldRuns() {
        assertThat(functions.names()).containsExactlyInAnyOrder(READ, WRITE, PULSE, FAILOVER);
        assertThat(functions.names().stream()
                        .map(name -> Duration.ofSeconds(functions.function(name).timeoutSeconds())))
                .containsExactlyInAnyOrder(
                        Functions.READ_TIMEOUT,
                        Functions.WRITE_TIMEOUT,
                        Functions.PULSE_TIMEOUT,
                        Functions.FAILOVER_TIMEOUT);
    }

    /** First, because the samples name versions, which are places in the ledger. */
    @Test
    @Order(1)
    void readFlagAndWriteFlagAnswerTheSamples() {
        Map<String, String> events = SampleEvents.read();
        Map<String, Integer> statuses = new LinkedHashMap<>();
        ApiDocument document = ApiDocument.read();

        SampleEvents.STATUS.forEach((name, status) -> {
            String event = String.valueOf(events.get(name));
            JsonTree tree = JsonTree.of(event);
            boolean rest = tree.has("httpMethod");
            String path = tree.text(rest ? "path" : "rawPath");
            String method = rest
                    ? tree.text("httpMethod")
                    : tree.object("requestContext").object("http").text("method");
            ApiAnswer answer = ApiAnswer.of(answered(path.contains("/api/admin") ? WRITE : READ, event));
            statuses.put(name, answer.status());
            assertThat(document.problems(method, path, answer)).as(name).isEmpty();
        });

        assertThat(statuses).isEqualTo(SampleEvents.STATUS);
    }

    @Test
    void regionPulseAndFailoverDnsUpdateAnswerTheSamplesBeforeAPromotionAndAfter() {
        assertThat(pulseOutcomes())
                .isEqualTo(Map.of(
                        "scheduled", "pulsed",
                        "status", "pulsed",
                        "wake-unknown", "pulsed",
                        "wake-primary", "not-writable",
                        "promote-dry-run", "refused",
                        "promote", "refused"));
        assertThat(failoverAnswers())
                .isEqualTo(Map.of(
                        "node-failover", "ignored 0 {other-event=1}",
                        "promoted-json", "late-event 1 {}",
                        "promoted-text", "late-event 1 {}",
                        "schedule", "home-elsewhere 0 {}",
                        "several-records", "late-event 1 {other-event=1, other-group=1}"));

        world.promote(EU_WEST_1, true);

        assertThat(JsonTree.of(answered(PULSE, packaged.sample("pulse", "wake-primary")))
                        .text("outcome"))
                .isEqualTo("promoted");
        assertThat(world.epoch()).hasValue(1);
        assertThat(failoverAnswer(packaged.sample("failover", "promoted-json"))).isEqualTo("switch 1 {}");
        assertThat(world.dns().resolve(Route53StandIn.RECORD)).hasValue(FunctionEnvironment.cacheName(EU_WEST_1));
        assertThat(failoverAnswer(packaged.sample("failover", "schedule"))).isEqualTo("already-there 0 {}");
    }

    @Test
    void anEventThatIsRefusedIsAnErrorAndTheFunctionGoesOn() {
        RuntimeAnswer refused = invoke(PULSE, "{\"action\":\"dance\"}");

        assertThat(refused).isInstanceOfSatisfying(RuntimeAnswer.Failed.class, failed -> {
            JsonTree error = JsonTree.of(failed.json());
            assertThat(error.text("errorType")).isEqualTo("dev.burgee.failure.InvalidRequestException");
            assertThat(error.text("errorMessage"))
                    .startsWith("event: action is \"dance\", but must be one of promote, status, wake");
        });
        assertThat(JsonTree.of(answered(PULSE, packaged.sample("pulse", "status")))
                        .text("region"))
                .isEqualTo(EU_WEST_1.code());
    }

    @Test
    void aHandlerThatIsNotInTheZipFailsClearly() {
        try (var process =
                FunctionProcess.start(functions.plan(READ).withHandler("dev.burgee.read.Mistyped::handleRequest"))) {
            process.awaitInit(INIT_MAX);
            RuntimeAnswer failed = process.invoke(packaged.sample("", "get-live"), INIT_MAX);

            assertThat(failed)
                    .isInstanceOfSatisfying(
                            RuntimeAnswer.Failed.class,
                            error -> assertThat(JsonTree.of(error.json()).text("errorMessage"))
                                    .isEqualTo("Class not found: dev.burgee.read.Mistyped"));
        }
    }

    @Test
    void aSettingThatIsWrongIsNamedBeforeTheFirstEvent() {
        Map<String, String> variables = new HashMap<>(functions.plan(READ).variables());
        variables.put("BURGEE_LOCAL_READ_MS", "soon");
        try (var process = FunctionProcess.start(functions.plan(READ).withVariables(variables))) {
            assertThatThrownBy(() -> process.awaitInit(INIT_MAX))
                    .isInstanceOf(InitFailedException.class)
                    .hasMessageContaining("BURGEE_LOCAL_READ_MS is \\\"soon\\\"");
        }
    }

    @Test
    void aSnapshotRunsTheHooksAndAnswersAfterwards() {
        FunctionProcess process = FunctionProcess.start(functions.plan(READ).withSnapStart());
        started.put(READ, process);
        process.awaitCheckpoint(INIT_MAX);

        process.restore();
        process.awaitInit(INIT_MAX);

        assertThat(ApiAnswer.of(answered(READ, packaged.sample("", "get-live"))).status())
                .isEqualTo(200);
        // the process's output comes by another way than its answer
        Await.until(
                "the metric Restore",
                INIT_MAX,
                () -> process.output().stream().anyMatch(line -> line.contains("\"Restore\":1")));
    }

    private Map<String, String> pulseOutcomes() {
        Map<String, String> outcomes = new TreeMap<>();
        SampleEvents.read("pulse").forEach((name, event) -> {
            JsonTree report = JsonTree.of(answered(PULSE, event));
            assertThat(report.text("region")).isEqualTo(EU_WEST_1.code());
            outcomes.put(name, report.text("outcome"));
        });
        return outcomes;
    }

    private Map<String, String> failoverAnswers() {
        Map<String, String> answers = new TreeMap<>();
        SampleEvents.read("failover")
                .forEach((name, event) -> answers.put(name, failoverAnswer(PackagedWorld.ours(event))));
        return answers;
    }

    /** Outcome, promotions heard of, and what was ignored how often. */
    private String failoverAnswer(String event) {
        Map<?, ?> answer = ApiAnswer.object(Json.parse(answered(FAILOVER, event)));
        return answer.get("outcome") + " " + answer.get("promotions") + " " + answer.get("ignored");
    }

    private String answered(String name, String event) {
        return switch (invoke(name, event)) {
            case RuntimeAnswer.Answered(String json) -> json;
            case RuntimeAnswer.Failed failed -> throw new AssertionError(name + " failed: " + failed);
        };
    }

    private RuntimeAnswer invoke(String name, String event) {
        FunctionProcess process = started.get(name);
        if (process == null) {
            process = FunctionProcess.start(functions.plan(name));
            started.put(name, process);
            process.awaitInit(INIT_MAX);
        }
        return process.invoke(event, Duration.ofSeconds(functions.function(name).timeoutSeconds()));
    }
}
