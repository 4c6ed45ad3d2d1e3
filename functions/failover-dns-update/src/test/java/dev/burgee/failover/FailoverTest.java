package dev.burgee.failover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FailoverTest {
    private static final Path SAMPLES = Path.of("..", "..", "events", "failover");

    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RecordingLog log = new RecordingLog();
    private final List<Trigger> runs = new ArrayList<>();
    private final Failover failover = new Failover(
            new PromotionEvents(Optional.of(Events.GROUP), Optional.of(Events.TOPIC)),
            trigger -> {
                runs.add(trigger);
                return new FailoverPlan.AlreadyThere();
            },
            metrics,
            log);

    private record Sample(String name, List<Trigger> runs, String answer) {}

    @TestFactory
    Stream<DynamicTest> everySampleDoesWhatItsNameSays() throws IOException {
        List<Sample> samples = List.of(
                new Sample(
                        "promoted-json",
                        List.of(Trigger.EVENT),
                        "{\"outcome\":\"already-there\",\"promotions\":1,\"ignored\":{}}"),
                new Sample(
                        "promoted-text",
                        List.of(Trigger.EVENT),
                        "{\"outcome\":\"already-there\",\"promotions\":1,\"ignored\":{}}"),
                new Sample(
                        "node-failover",
                        List.of(),
                        "{\"outcome\":\"ignored\",\"promotions\":0,\"ignored\":{\"other-event\":1}}"),
                new Sample(
                        "several-records",
                        List.of(Trigger.EVENT),
                        "{\"outcome\":\"already-there\",\"promotions\":1,\"ignored\":{\"other-event\":1,\"other-group\":1}}"),
                new Sample(
                        "schedule",
                        List.of(Trigger.SCHEDULE),
                        "{\"outcome\":\"already-there\",\"promotions\":0,\"ignored\":{}}"));
        try (Stream<Path> files = Files.list(SAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(samples.stream()
                            .map(sample -> sample.name + ".json")
                            .toList());
        }
        return samples.stream()
                .map(sample -> DynamicTest.dynamicTest(sample.name, () -> {
                    runs.clear();
                    assertThat(handle(Files.readString(SAMPLES.resolve(sample.name + ".json"))))
                            .isEqualTo(sample.answer);
                    assertThat(runs).isEqualTo(sample.runs);
                }));
    }

    @Test
    void whatIsIgnoredIsCountedByReasonAndLoggedOncePerReason() {
        handle(Events.sns("nonsense", Events.promoted("rg-2"), Events.promoted("rg-3")));

        assertThat(runs).isEmpty();
        assertThat(metrics.samples())
                .contains(
                        new RecordingMetrics.Sample(Metric.PROMOTION_EVENT_IGNORED, Optional.of("not-json"), 1),
                        new RecordingMetrics.Sample(Metric.PROMOTION_EVENT_IGNORED, Optional.of("other-group"), 2));
        assertThat(log.lines("promotion_event_ignored")).hasSize(2);
    }

    @Test
    void hundredsOfPromotionsAreOneRun() {
        handle(Events.sns(
                Stream.generate(() -> Events.promoted(Events.GROUP)).limit(400).toArray(String[]::new)));

        assertThat(runs).containsExactly(Trigger.EVENT);
    }

    @Test
    void aRunThatIsNotFinishedReachesLambdaAndItsMetricsAreWritten() {
        Failover failing = new Failover(
                new PromotionEvents(Optional.empty(), Optional.empty()),
                _ -> {
                    throw new FailoverUnfinishedException(List.of("pulse: away"));
                },
                metrics,
                log);

        assertThatThrownBy(() ->
                        failing.handle(new ByteArrayInputStream("{}".getBytes(UTF_8)), new ByteArrayOutputStream()))
                .isInstanceOf(FailoverUnfinishedException.class)
                .hasMessage("the failover run is not finished: pulse: away");
        assertThat(metrics.requests()).isEqualTo(2);
    }

    @Test
    void countsTheFirstEventAsAColdStart() {
        handle("{}");
        handle("{}");

        assertThat(metrics.sum(Metric.COLD_START)).isEqualTo(1);
    }

    private String handle(String event) {
        var out = new ByteArrayOutputStream();
        try {
            failover.handle(new ByteArrayInputStream(event.getBytes(UTF_8)), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(UTF_8);
    }
}
