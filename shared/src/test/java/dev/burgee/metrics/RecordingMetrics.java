package dev.burgee.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Metrics that remember what they were given. Thread-safe. */
public final class RecordingMetrics implements Metrics {
    /** One added value; the dimension is empty where none was given. */
    public record Sample(Metric metric, Optional<String> dimension, double value) {}

    private final List<Sample> samples = new ArrayList<>();
    private int requests;

    @Override
    public synchronized void add(Metric metric, double value) {
        samples.add(new Sample(metric, Optional.empty(), value));
    }

    @Override
    public synchronized void add(Metric metric, String dimensionValue, double value) {
        samples.add(new Sample(metric, Optional.of(dimensionValue), value));
    }

    @Override
    public synchronized void endOfRequest() {
        requests++;
    }

    /** Everything so far, in the order of adding. */
    public synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** The values of one metric, whatever their dimension. */
    public synchronized List<Double> values(Metric metric) {
        return samples.stream()
                .filter(sample -> sample.metric == metric)
                .map(Sample::value)
                .toList();
    }

    /** The sum of one metric's values. */
    public synchronized double sum(Metric metric) {
        return values(metric).stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The sum of one metric's values that came with this value of its dimension. */
    public synchronized double sum(Metric metric, String dimension) {
        return samples.stream()
                .filter(sample -> sample.metric == metric && sample.dimension.equals(Optional.of(dimension)))
                .mapToDouble(Sample::value)
                .sum();
    }

    /** How often {@link #endOfRequest} was called. */
    public synchronized int requests() {
        return requests;
    }

    public synchronized void clear() {
        samples.clear();
        requests = 0;
    }
}
