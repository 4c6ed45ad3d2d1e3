package dev.burgee.local.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One measured figure.
 *
 * @param name as issues and pages call it, for example {@code read_warm_ratio_p50}
 * @param of the function that it is of; empty where the name tells
 * @param value the median of the rounds
 * @param unit {@code ratio}, {@code us}, {@code ms} or {@code mb}
 * @param limit the greatest value that is good enough; null: reported only
 * @param rounds what each round gave
 * @param says what it is, in one line
 */
record Figure(
        String name,
        String of,
        double value,
        String unit,
        @Nullable Double limit,
        List<Double> rounds,
        String says) {
    Figure {
        rounds = List.copyOf(rounds);
    }

    /** The median of the rounds. */
    static Figure median(
            String name, String of, String unit, @Nullable Double limit, List<Double> rounds, String says) {
        return new Figure(name, of, Quantiles.median(rounds), unit, limit, rounds, says);
    }

    /** Whether a limit is broken; no number breaks any. */
    boolean isMissed() {
        return limit != null && !(value <= limit);
    }

    Map<String, @Nullable Object> json(String section) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("of", of);
        json.put("value", Quantiles.rounded(value));
        json.put("unit", unit);
        json.put("limit", limit);
        json.put("rounds", rounds.stream().map(Quantiles::rounded).toList());
        json.put("section", section);
        json.put("says", says);
        return json;
    }
}
