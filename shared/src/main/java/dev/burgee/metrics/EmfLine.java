package dev.burgee.metrics;

import dev.burgee.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of the Embedded Metric Format in the making. Not thread-safe. */
final class EmfLine {
    private static final String NAMESPACE = "Burgee";
    private static final String REGION = "Region";
    private static final String FUNCTION = "Function";
    static final String VERSION = "Version";

    private final Instant now;
    private final Map<String, Object> members = new LinkedHashMap<>();
    // dimension sets to the metrics that have them
    private final Map<List<List<String>>, List<Map<String, String>>> directives = new LinkedHashMap<>();

    EmfLine(EmfMetrics.Parts parts, Instant now) {
        this.now = now;
        members.put(REGION, parts.region().code());
        members.put(FUNCTION, parts.function());
        parts.version().ifPresent(version -> members.put(VERSION, version));
    }

    /** Adds values of metrics without a further dimension but the version. */
    void add(Gathered gathered) {
        List<String> usual = List.of(REGION, FUNCTION);
        gathered.values().forEach((metric, value) -> {
            boolean versioned = VERSION.equals(metric.dimension()) && members.containsKey(VERSION);
            add(metric, value, versioned ? List.of(usual, List.of(REGION, FUNCTION, VERSION)) : List.of(usual));
        });
    }

    /** Adds values with the further dimension that they came with; a line takes this once. */
    void add(Gathered gathered, EmfMetrics.Dimension dimension) {
        members.put(dimension.name(), dimension.value());
        gathered.values()
                .forEach((metric, value) -> add(metric, value, List.of(List.of(REGION, FUNCTION, dimension.name()))));
    }

    String text() {
        List<Map<String, Object>> metrics = new ArrayList<>();
        directives.forEach((dimensions, names) -> {
            Map<String, Object> directive = new LinkedHashMap<>();
            directive.put("Namespace", NAMESPACE);
            directive.put("Dimensions", dimensions);
            directive.put("Metrics", names);
            metrics.add(directive);
        });
        Map<String, Object> line = new LinkedHashMap<>();
        Map<String, Object> aws = new LinkedHashMap<>();
        aws.put("Timestamp", now.toEpochMilli());
        aws.put("CloudWatchMetrics", metrics);
        line.put("_aws", aws);
        line.putAll(members);
        return Json.write(line);
    }

    private void add(Metric metric, Object value, List<List<String>> dimensions) {
        directives
                .computeIfAbsent(dimensions, _ -> new ArrayList<>())
                .add(Map.of("Name", metric.metricName(), "Unit", metric.unit().text()));
        members.put(metric.metricName(), value);
    }
}
