package dev.burgee.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.burgee.json.JsonTree;
import dev.burgee.region.Region;
import dev.burgee.time.FakeTime;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class EmfMetricsTest {
    private static final List<String> USUAL = List.of("Region", "Function");
    private static final List<String> VERSIONED = List.of("Region", "Function", "Version");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final FakeTime time = new FakeTime();

    @Test
    void writesOneValidLine() {
        Metrics metrics = metrics(Duration.ZERO, Optional.of("7"));
        metrics.count(Metric.REQUESTS);
        metrics.count(Metric.REQUESTS);
        metrics.add(Metric.READ_LATENCY, 1.5);
        metrics.add(Metric.READ_LATENCY, 2);
        metrics.count(Metric.CACHE_HIT);
        metrics.add(Metric.DEGRADED_READ, "primary", 1);
        metrics.endOfRequest();

        JsonTree line = lines().getFirst();
        assertThat(lines()).hasSize(1);
        assertThat(line.names().iterator().next()).isEqualTo("_aws");
        assertThat(line.object("_aws").number("Timestamp")).isEqualTo(time.now().toEpochMilli());
        assertThat(line.text("Region")).isEqualTo("eu-west-1");
        assertThat(line.text("Function")).isEqualTo("read-flag");
        assertThat(line.text("Version")).isEqualTo("7");
        assertThat(line.text("Fallback")).isEqualTo("primary");
        assertThat(line.decimal("Requests")).isEqualTo(2);
        assertThat(line.list("ReadLatency")).extracting(Object::toString).containsExactly("1.5", "2.0");
        assertThat(dimensions(line, "Requests")).containsExactly(USUAL, VERSIONED);
        assertThat(dimensions(line, "ReadLatency")).containsExactly(USUAL, VERSIONED);
        assertThat(dimensions(line, "CacheHit")).containsExactly(USUAL);
        assertThat(dimensions(line, "DegradedRead")).containsExactly(List.of("Region", "Function", "Fallback"));
        assertThat(unit(line, "ReadLatency")).isEqualTo("Milliseconds");
        assertThat(unit(line, "Requests")).isEqualTo("Count");
    }

    @Test
    void outsideLambdaThereIsNoVersion() {
        Metrics metrics = metrics(Duration.ZERO, Optional.empty());
        metrics.count(Metric.REQUESTS);
        metrics.endOfRequest();

        assertThat(lines().getFirst().has("Version")).isFalse();
        assertThat(dimensions(lines().getFirst(), "Requests")).containsExactly(USUAL);
    }

    @Test
    void gathersForAnInterval() {
        Metrics metrics = metrics(Duration.ofSeconds(1), Optional.empty());
        for (int i = 0; i < 2_500; i++) {
            metrics.count(Metric.REQUESTS);
            metrics.endOfRequest();
            time.advance(Duration.ofMillis(1));
        }

        assertThat(lines()).hasSize(3);
        assertThat(lines()).extracting(line -> line.decimal("Requests")).containsExactly(1.0, 1000.0, 1000.0);
    }

    @Test
    void nothingMeasuredIsNothingWritten() {
        Metrics metrics = metrics(Duration.ZERO, Optional.empty());
        metrics.endOfRequest();
        metrics.count(Metric.REQUESTS);
        metrics.endOfRequest();
        metrics.endOfRequest();

        assertThat(lines()).hasSize(1);
    }

    @Test
    void keepsAFairSampleOfAtMostAHundredTimes() {
        Metrics metrics = metrics(Duration.ZERO, Optional.empty());
        for (int i = 0; i < 10_000; i++) {
            metrics.add(Metric.READ_LATENCY, i);
        }
        metrics.endOfRequest();

        List<Double> sample = lines().getFirst().list("ReadLatency").stream()
                .map(value -> ((Number) value).doubleValue())
                .toList();
        assertThat(sample).hasSize(100).doesNotHaveDuplicates();
        assertThat(sample.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
                .isBetween(4_000.0, 6_000.0);
    }

    @Test
    void aSecondFallbackWaitsForTheNextLineOfTheInterval() {
        Metrics metrics = metrics(Duration.ofSeconds(1), Optional.empty());
        metrics.add(Metric.DEGRADED_READ, "primary", 1);
        metrics.add(Metric.DEGRADED_READ, "database", 1);
        metrics.add(Metric.DEGRADED_READ, "database", 1);
        metrics.endOfRequest();
        assertThat(lines()).hasSize(1);
        time.advance(Duration.ofSeconds(1));
        metrics.endOfRequest();

        assertThat(lines()).extracting(line -> line.text("Fallback")).containsExactly("primary", "database");
        assertThat(lines()).extracting(line -> line.decimal("DegradedRead")).containsExactly(1.0, 2.0);
    }

    @Test
    void withoutAnIntervalEveryFallbackIsWrittenAtOnce() {
        Metrics metrics = metrics(Duration.ZERO, Optional.empty());
        metrics.add(Metric.DEGRADED_READ, "primary", 1);
        metrics.add(Metric.DEGRADED_READ, "database", 1);
        metrics.endOfRequest();

        assertThat(lines()).hasSize(2);
    }

    @Test
    void leavesOutWhatCloudWatchWouldRefuse() {
        Metrics metrics = metrics(Duration.ZERO, Optional.empty());
        metrics.add(Metric.READ_LATENCY, Double.NaN);
        metrics.add(Metric.READ_LATENCY, Double.POSITIVE_INFINITY);
        metrics.add(Metric.READ_LATENCY, -1);
        metrics.add(Metric.REQUESTS, Double.NaN);
        metrics.endOfRequest();

        assertThat(bytes.size()).isZero();
    }

    @Test
    void everyMetricAtOnceIsStillAValidLine() {
        Metrics metrics = metrics(Duration.ofSeconds(1), Optional.of("7"));
        for (Metric metric : Metric.values()) {
            for (int i = 0; i < 150; i++) {
                metrics.add(metric, 1234.5678);
                metrics.add(metric, "database", 1);
            }
        }
        for (int second = 0; second < 20; second++) {
            metrics.endOfRequest();
            time.advance(Duration.ofSeconds(1));
        }

        long dimensions = Arrays.stream(Metric.values())
                .map(Metric::dimension)
                .filter(dimension -> dimension != null && !dimension.equals("Version"))
                .distinct()
                .count();
        // one for each value: the one that was given, and the one for none
        assertThat(lines()).hasSize(Math.toIntExact(2 * dimensions));
        Set<String> written = new HashSet<>();
        lines().forEach(line -> written.addAll(line.names()));
        for (Metric metric : Metric.values()) {
            assertThat(written).contains(metric.metricName());
        }
    }

    @Test
    void dimensionValuesAreBounded() {
        Metrics metrics = metrics(Duration.ZERO, Optional.empty());
        for (int i = 0; i < 1_000; i++) {
            metrics.add(Metric.DEGRADED_READ, "value-" + i, 1);
        }
        metrics.endOfRequest();

        assertThat(lines()).hasSize(EmfMetrics.DIMENSION_VALUES_MAX);
    }

    @Test
    void neverThrows() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("broken");
            }
        };
        Metrics metrics =
                new EmfMetrics(parts(Duration.ZERO, Optional.empty()), new PrintStream(broken), time, new Random(1));
        metrics.count(Metric.REQUESTS);

        assertThatCode(metrics::endOfRequest).doesNotThrowAnyException();
    }

    @Test
    void losesNothingWhenManyRequestsCountAtOnce() {
        Metrics metrics = metrics(Duration.ZERO, Optional.empty());
        try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_000; i++) {
                requests.execute(() -> {
                    metrics.count(Metric.REQUESTS);
                    metrics.endOfRequest();
                });
            }
        }

        assertThat(lines().stream()
                        .mapToDouble(line -> line.decimal("Requests"))
                        .sum())
                .isEqualTo(1_000);
    }

    private Metrics metrics(Duration interval, Optional<String> version) {
        return new EmfMetrics(
                parts(interval, version),
                new PrintStream(bytes, false, StandardCharsets.US_ASCII),
                time,
                new Random(42));
    }

    private static EmfMetrics.Parts parts(Duration interval, Optional<String> version) {
        return new EmfMetrics.Parts(new Region("eu-west-1"), "read-flag", version, interval);
    }

    /** All lines, each checked against the rules of the format. */
    private List<JsonTree> lines() {
        List<JsonTree> lines = new ArrayList<>();
        for (String text : bytes.toString(StandardCharsets.UTF_8).lines().toList()) {
            assertThat(text.length()).isLessThan(1_000_000);
            JsonTree line = JsonTree.of(text);
            line.object("_aws").objects("CloudWatchMetrics").forEach(directive -> checkDirective(line, directive));
            lines.add(line);
        }
        return lines;
    }

    private static void checkDirective(JsonTree line, JsonTree directive) {
        assertThat(directive.text("Namespace")).isEqualTo("Burgee");
        assertThat(directive.list("Dimensions"))
                .isNotEmpty()
                .allSatisfy(set -> assertThat((List<?>) set)
                        .hasSizeBetween(1, 30)
                        .allSatisfy(name -> assertThat(line.text((String) name)).isNotBlank()));
        assertThat(directive.objects("Metrics")).hasSizeBetween(1, 100).allSatisfy(metric -> {
            Object value = line.value(metric.text("Name"));
            List<?> values = value instanceof List<?> list ? list : List.of(value);
            assertThat(values)
                    .hasSizeBetween(1, 100)
                    .allSatisfy(number -> assertThat(number).isInstanceOf(Number.class));
        });
    }

    private static List<Object> dimensions(JsonTree line, String metric) {
        return directive(line, metric).list("Dimensions");
    }

    private static String unit(JsonTree line, String metric) {
        return directive(line, metric).objects("Metrics").stream()
                .filter(item -> item.text("Name").equals(metric))
                .map(item -> item.text("Unit"))
                .findFirst()
                .orElseThrow();
    }

    private static JsonTree directive(JsonTree line, String metric) {
        return line.object("_aws").objects("CloudWatchMetrics").stream()
                .filter(directive -> directive.objects("Metrics").stream()
                        .anyMatch(item -> item.text("Name").equals(metric)))
                .findFirst()
                .orElseThrow();
    }
}
