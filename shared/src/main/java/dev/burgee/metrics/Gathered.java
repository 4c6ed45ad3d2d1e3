package dev.burgee.metrics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What was measured since the last line: counts as sums, everything else as a fair sample. Not thread-safe. */
final class Gathered {
    /** EMF takes no more values of one metric in one line. */
    static final int VALUES_MAX = 100;

    private static final class Sample {
        private final double[] values = new double[VALUES_MAX];
        private int seen;

        /** Keeps each of the values seen with the same probability (reservoir sampling). */
        void add(double value, RandomGenerator random) {
            int slot = seen < VALUES_MAX ? seen : random.nextInt(seen + 1);
            if (slot < VALUES_MAX) {
                values[slot] = value;
            }
            seen = seen == Integer.MAX_VALUE - 1 ? seen : seen + 1;
        }
    }

    private static final class Sum {
        private double value;
    }

    private final Map<Metric, Sum> sums = new EnumMap<>(Metric.class);
    private final Map<Metric, Sample> samples = new EnumMap<>(Metric.class);

    /** Adds a value; one that is no number, negative or infinite would spoil the whole line, and is left out. */
    void add(Metric metric, double value, RandomGenerator random) {
        if (!Double.isFinite(value) || value < 0) {
            return;
        }
        switch (metric.unit()) {
            case COUNT -> sums.computeIfAbsent(metric, _ -> new Sum()).value += value;
            case MILLISECONDS, PERCENT, PER_SECOND ->
                samples.computeIfAbsent(metric, _ -> new Sample()).add(value, random);
        }
    }

    boolean isEmpty() {
        return sums.isEmpty() && samples.isEmpty();
    }

    /** Each metric's value: a sum, or an array of at most {@link #VALUES_MAX} values. */
    Map<Metric, Object> values() {
        Map<Metric, Object> values = new EnumMap<>(Metric.class);
        sums.forEach((metric, sum) -> values.put(metric, sum.value));
        samples.forEach((metric, sample) -> values.put(
                metric,
                Arrays.stream(sample.values, 0, Math.min(sample.seen, VALUES_MAX))
                        .boxed()
                        .toList()));
        return values;
    }
}
