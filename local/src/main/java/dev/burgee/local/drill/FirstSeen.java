package dev.burgee.local.drill;

import dev.burgee.local.drill.WriteSeen.Answer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** When something was seen for the first time. What began before the moment in question does not count for it. */
final class FirstSeen {
    private FirstSeen() {}

    /** The end of the first write that a region acknowledged, in between. */
    static OptionalLong acknowledged(List<WriteSeen> writes, String region, long fromMs, long untilMs) {
        return writes.stream()
                .filter(write ->
                        write.isAcknowledged() && write.write().region().equals(region))
                .filter(write -> write.startMs() >= fromMs && write.endMs() <= untilMs)
                .mapToLong(WriteSeen::endMs)
                .min();
    }

    /** The first write in any of the regions that was acknowledged as not delayed. */
    static Optional<WriteSeen> propagating(List<WriteSeen> writes, Collection<String> regions, long fromMs) {
        return writes.stream()
                .filter(write -> write.answer() == Answer.PROPAGATING
                        && regions.contains(write.write().region()))
                .filter(write -> write.startMs() >= fromMs)
                .min(Comparator.comparingLong(WriteSeen::endMs));
    }

    /** The end of the first read without a token in a region that shows a write or a later one. */
    static OptionalLong visible(List<ReadSeen> reads, WriteSeen written, String region, long fromMs) {
        return reads.stream()
                .filter(read ->
                        read.read().region().equals(region) && read.read().token() == 0)
                .filter(read -> read.startMs() >= fromMs && read.isAnswered())
                .filter(read ->
                        read.shown().versions().getOrDefault(written.write().flag(), 0L) >= written.version())
                .mapToLong(ReadSeen::endMs)
                .min();
    }
}
