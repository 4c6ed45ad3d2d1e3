package dev.burgee.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A log that remembers its lines. Thread-safe. */
public final class RecordingLog implements Log {
    /** One line. */
    public record Line(Level level, String event, Map<String, ?> fields) {}

    private final List<Line> lines = new ArrayList<>();

    @Override
    public synchronized void write(Level level, String event, Map<String, ?> fields) {
        lines.add(new Line(level, event, new LinkedHashMap<>(fields)));
    }

    /** Everything so far, in the order of writing. */
    public synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    /** The lines of one event. */
    public synchronized List<Line> lines(String event) {
        return lines.stream().filter(line -> line.event.equals(event)).toList();
    }
}
