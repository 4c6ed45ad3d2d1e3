package dev.burgee.local;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The text of the table that {@code scripts/local} keeps in a terminal: a line per region, drawn again over itself. Not
 * thread-safe.
 */
final class LiveTable {
    private static final String FORMAT = "  %-16s %-17s %9s %9s %9s  %s";
    private static final String HEADER =
            String.format(FORMAT, "region", "role", "position", "lag", "reads/s", "sources");

    private static final String CLEAR_LINE = "\u001b[2K";
    // a line that a narrow terminal broke in two would be one too many to go up
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    /**
     * What is known of one region.
     *
     * @param reads answered since the line before, by their source
     */
    record Line(String region, CacheStatus cache, boolean isolated, Map<String, Long> reads) {
        Line {
            reads = Map.copyOf(reads);
        }
    }

    private int drawn;

    /**
     * What to print next: over the table that was printed last, if there was one.
     *
     * @param span the time in which the lines' reads were answered
     */
    String next(List<Line> lines, Duration span) {
        var text = new StringBuilder(NO_WRAP);
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append('A');
        }
        text.append(CLEAR_LINE).append(HEADER).append('\n');
        lines.forEach(line -> text.append(CLEAR_LINE).append(row(line, span)).append('\n'));
        drawn = lines.size() + 1;
        return text.append(WRAP).toString();
    }

    private static String row(Line line, Duration span) {
        long reads = line.reads.values().stream().mapToLong(Long::longValue).sum();
        double perSecond = span.isZero() ? 0 : reads * 1e9 / span.toNanos();
        return String.format(
                        Locale.ROOT,
                        FORMAT,
                        line.region,
                        (line.cache.up() ? line.cache.role() : "cache down") + (line.isolated ? ", cut" : ""),
                        number(line.cache.position(), ""),
                        number(line.cache.lagMs(), " ms"),
                        String.format(Locale.ROOT, "%.1f", perSecond),
                        sources(line.reads, reads))
                .stripTrailing();
    }

    private static String number(OptionalLong number, String unit) {
        return number.isPresent() ? number.getAsLong() + unit : "-";
    }

    /** The most frequent first. */
    private static String sources(Map<String, Long> reads, long all) {
        return reads.entrySet().stream()
                .filter(source -> source.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(source -> source.getKey() + " " + Math.round(100.0 * source.getValue() / all) + " %")
                .collect(Collectors.joining(", "));
    }
}
