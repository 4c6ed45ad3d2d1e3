package dev.burgee.local;

import dev.burgee.json.Json;
import java.util.List;
import java.util.Map;

/** What the functions' metric lines add up to. */
final class EmfSum {
    private EmfSum() {}

    /** The sum of all values of one metric, whatever its dimensions. */
    static long of(String metric, List<String> lines) {
        double sum = 0;
        for (String line : lines) {
            if (Json.parse(line) instanceof Map<?, ?> emf) {
                Object value = emf.get(metric);
                List<?> values = value instanceof List<?> many ? many : value == null ? List.of() : List.of(value);
                for (Object each : values) {
                    sum += each instanceof Number number ? number.doubleValue() : 0;
                }
            }
        }
        return Math.round(sum);
    }
}
