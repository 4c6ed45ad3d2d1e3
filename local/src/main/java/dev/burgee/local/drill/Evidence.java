package dev.burgee.local.drill;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All that was seen in one drill. Immutable.
 *
 * @param regions all of them
 * @param lost the first primary
 * @param promoted the second
 * @param status changes, the first entry being the state before
 * @param problems why it ended early; empty when it did not
 */
record Evidence(
        List<String> regions,
        String lost,
        String promoted,
        Map<Mark, Long> marks,
        List<WriteSeen> writes,
        List<ReadSeen> reads,
        List<StatusSeen> status,
        Aftermath aftermath,
        List<String> problems) {
    Evidence {
        regions = List.copyOf(regions);
        marks = Map.copyOf(marks);
        writes = List.copyOf(writes);
        reads = List.copyOf(reads);
        status = List.copyOf(status);
        problems = List.copyOf(problems);
    }

    List<String> survivors() {
        return regions.stream().filter(region -> !region.equals(lost)).toList();
    }

    OptionalLong at(Mark mark) {
        Long at = marks.get(mark);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    /** The time of a moment; for one that was not reached, one that is later than everything. */
    long atOrNever(Mark mark) {
        return at(mark).orElse(Long.MAX_VALUE);
    }
}
