package dev.burgee.metrics;

/** Where measurements go. Never throws, never waits: a request does not fail for its metrics. Thread-safe. */
public interface Metrics {
    /** Adds a value: 1 for something counted, milliseconds for a time. */
    void add(Metric metric, double value);

    /** Adds a value with its {@link Metric#dimension()}, one of a closed set of lower-case words. */
    void add(Metric metric, String dimensionValue, double value);

    /** Called at the end of each request: lets gathered values out when they are due. */
    void endOfRequest();

    default void count(Metric metric) {
        add(metric, 1);
    }
}
