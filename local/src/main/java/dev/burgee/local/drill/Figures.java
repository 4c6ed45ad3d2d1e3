package dev.burgee.local.drill;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a drill measured; times in milliseconds, empty for what never came. Immutable. */
record Figures(Times times, Writes writes, Reads reads, DnsRecord dnsRecord) {
    /**
     * By region.
     *
     * @param outageToAcknowledged the first write that is acknowledged, before any promotion
     * @param promotionToWritten the first write that is acknowledged as not delayed
     * @param promotionToVisible the first of these writes, shown by a read
     */
    record Times(
            Map<String, OptionalLong> outageToAcknowledged,
            Map<String, OptionalLong> promotionToWritten,
            Map<String, OptionalLong> promotionToVisible,
            Map<String, OptionalLong> rollbackToWritten,
            Map<String, OptionalLong> rollbackToVisible) {}

    /**
     * Writes, and what became of them.
     *
     * @param lost acknowledged, and not in the history as answered
     * @param twice operations that are there more than once
     * @param undead operations that were only ever refused, and are there
     * @param diverged flags that are not everywhere what the history says
     * @param falselyPropagating said not to be delayed while no cache could be written
     */
    record Writes(
            Map<WriteSeen.Answer, Long> answers,
            List<WriteSeen> lost,
            List<String> twice,
            List<String> undead,
            List<String> diverged,
            List<WriteSeen> falselyPropagating,
            List<String> silentRegions) {}

    /**
     * Reads.
     *
     * @param number in regions that were not lost at the time
     * @param failed of these
     * @param failedWhileLost in the lost region
     * @param withToken answered reads that carried one
     * @param tokenUnavailable 503 with Retry-After
     * @param tokenWrong behind their token, or behind what their caller saw before
     * @param markedStale answers with {@code Burgee-Stale}
     * @param silentRegions without a single answer
     */
    record Reads(
            long number,
            List<ReadSeen> failed,
            long failedWhileLost,
            long withToken,
            long tokenUnavailable,
            List<String> tokenWrong,
            Stale staleInOutage,
            Stale staleOtherwise,
            long markedStale,
            long markedStaleMaxS,
            List<String> silentRegions) {}

    /** Reads without a token that do not show what was acknowledged two seconds before. */
    record Stale(long number, long ageMaxMs) {}

    /**
     * The primary's DNS record, and the epoch.
     *
     * @param movedMs from the promotion, or from when Route 53 answered again, to the record that names the promoted region
     * @param movedWhileRefused whether it did so while Route 53 refused
     * @param epochs seen, from the one before the loss
     */
    record DnsRecord(OptionalLong movedMs, boolean movedWhileRefused, OptionalLong movedBackMs, List<Long> epochs) {}
}
