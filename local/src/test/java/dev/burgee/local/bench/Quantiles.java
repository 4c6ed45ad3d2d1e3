package dev.burgee.local.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The usual quantiles of measured times, and medians of rounds. */
final class Quantiles {
    /** Which: what a plot of a distribution needs. */
    static final List<Double> AT = List.of(0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999);

    private Quantiles() {}

    /** One value for each of {@link #AT}. */
    static double[] of(long[] times, int count) {
        long[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return AT.stream().mapToDouble(at -> at(sorted, at)).toArray();
    }

    /** The value of one quantile among those of {@link #of}. */
    static double pick(double[] quantiles, double at) {
        int i = AT.indexOf(at);
        if (i < 0) {
            throw new IllegalArgumentException("quantile " + at + " is not among " + AT);
        }
        return quantiles[i];
    }

    /** Quantile by quantile the median of all rounds. */
    static double[] medians(List<double[]> rounds) {
        return IntStream.range(0, AT.size())
                .mapToDouble(i -> median(rounds.stream().map(round -> round[i]).toList()))
                .toArray();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** As many digits as are worth keeping. */
    static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    private static double at(long[] sorted, double quantile) {
        int rank = (int) Math.ceil(quantile * sorted.length);
        return sorted[Math.clamp(rank, 1, sorted.length) - 1];
    }
}
