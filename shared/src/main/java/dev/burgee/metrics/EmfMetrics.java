package dev.burgee.metrics;

import dev.burgee.region.Region;
import dev.burgee.time.Time;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Metrics as lines of CloudWatch's Embedded Metric Format on a stream, gathered over an interval. Thread-safe; nothing is
 * written but by {@link #endOfRequest}.
 */
public final class EmfMetrics implements Metrics {
    /**
     * Whose metrics they are.
     *
     * @param function for example {@code read-flag}
     * @param version of the function; empty outside Lambda
     * @param interval at most one line in so much time; zero: each request writes what it has
     */
    public record Parts(Region region, String function, Optional<String> version, Duration interval) {}

    /** Values of the one further dimension that are kept apart; their sets are closed, so this is never reached. */
    static final int DIMENSION_VALUES_MAX = 16;

    /** One further dimension of a line, for example {@code Fallback}, {@code primary}. */
    record Dimension(String name, String value) {}

    private static final String UNKNOWN = "unknown";

    private final Parts parts;
    private final PrintStream out;
    private final Time time;
    private final RandomGenerator random;

    // guarded by this: the values of the further dimension to what came with them
    private final LinkedHashMap<Dimension, Gathered> byDimension = new LinkedHashMap<>();
    private Gathered plain = new Gathered();
    private @Nullable Long lastNanos;

    /**
     * @param random which values stand for the others when there are too many
     */
    public EmfMetrics(Parts parts, PrintStream out, Time time, RandomGenerator random) {
        this.parts = parts;
        this.out = out;
        this.time = time;
        this.random = random;
    }

    @Override
    public void add(Metric metric, double value) {
        add(metric, UNKNOWN, value);
    }

    @Override
    public synchronized void add(Metric metric, String dimensionValue, double value) {
        if (metric.dimension() == null || metric.dimension().equals(EmfLine.VERSION)) {
            plain.add(metric, value, random);
            return;
        }
        Dimension dimension = new Dimension(metric.dimension(), dimensionValue);
        if (byDimension.containsKey(dimension) || byDimension.size() < DIMENSION_VALUES_MAX) {
            byDimension.computeIfAbsent(dimension, _ -> new Gathered()).add(metric, value, random);
        }
    }

    @Override
    public void endOfRequest() {
        try {
            for (String line = due(); line != null; line = due()) {
                // bytes, because the stream's own charset is the locale's
                byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                out.write(bytes, 0, bytes.length);
                out.flush();
            }
        } catch (RuntimeException _) {
            // a request does not fail for its metrics
        }
    }

    /** The next line, if there is one and it is time. */
    private synchronized @Nullable String due() {
        boolean early = lastNanos != null && time.nanos() - lastNanos < parts.interval.toNanos();
        if (early || (plain.isEmpty() && byDimension.isEmpty())) {
            return null;
        }
        lastNanos = time.nanos();
        EmfLine line = new EmfLine(parts, time.now());
        line.add(plain);
        // a line has room for one value of a dimension: the others wait for the next line
        Map.Entry<Dimension, Gathered> first = byDimension.pollFirstEntry();
        if (first != null) {
            line.add(first.getValue(), first.getKey());
        }
        plain = new Gathered();
        return line.text();
    }
}
