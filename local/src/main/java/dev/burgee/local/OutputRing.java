package dev.burgee.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of something, with the moments at which they came. Thread-safe. */
final class OutputRing {
    private static final int LINES_MAX = 20_000;

    private final Deque<Line> lines = new ArrayDeque<>();

    synchronized void add(long epochMs, String text) {
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.addLast(new Line(epochMs, text));
    }

    synchronized void clear() {
        lines.clear();
    }

    /** Lines that came at or after a moment, the oldest first. */
    synchronized List<String> since(long epochMs) {
        return lines.stream()
                .filter(line -> line.epochMs >= epochMs)
                .map(Line::text)
                .toList();
    }

    private record Line(long epochMs, String text) {}
}
