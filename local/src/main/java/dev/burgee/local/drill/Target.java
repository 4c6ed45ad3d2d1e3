package dev.burgee.local.drill;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Something that a drill must reach, and whether it did. Immutable. */
record Target(String name, String limit, String measured, boolean met) {
    /** Outage to the first acknowledged write of a surviving region. */
    static final long ACKNOWLEDGED_MAX_MS = 3_000;

    /** From the first visible write to the first answer that is not delayed. */
    static final long WRITTEN_LATER_MAX_MS = 2_000;

    /** All of them, in the order in which a reader asks. */
    static List<Target> of(DrillPlan plan, Evidence seen, Figures figures) {
        List<Target> targets = new ArrayList<>();
        List<String> problems = Stream.concat(seen.problems().stream(), seen.aftermath().problems().stream())
                .toList();
        targets.add(none("what kept the drill from its end", problems));
        writes(targets, figures.writes());
        times(targets, plan, figures.times());
        reads(targets, figures.reads());
        dnsRecord(targets, plan, figures.dnsRecord());
        return targets;
    }

    private static void writes(List<Target> targets, Figures.Writes writes) {
        targets.add(none("acknowledged writes lost", writes.lost()));
        targets.add(none("writes there twice", writes.twice()));
        targets.add(none("refused writes there", writes.undead()));
        targets.add(none("flags that differ between regions, history and export", writes.diverged()));
        targets.add(none("writes said not to be delayed during the outage", writes.falselyPropagating()));
        targets.add(none("surviving regions without a write", writes.silentRegions()));
    }

    private static void times(List<Target> targets, DrillPlan plan, Figures.Times times) {
        long visible = plan.visibleMaxMs();
        // what others wrote is seen before; a writer's own answer waits for its crossings, and for those it lost to
        // others
        long written = visible + WRITTEN_LATER_MAX_MS;
        targets.add(within("outage to first accepted write", ACKNOWLEDGED_MAX_MS, times.outageToAcknowledged()));
        targets.add(within("promotion to first write not delayed", written, times.promotionToWritten()));
        targets.add(within("promotion to first write visible", visible, times.promotionToVisible()));
        targets.add(within("roll back to first write not delayed", written, times.rollbackToWritten()));
        targets.add(within("roll back to first write visible", visible, times.rollbackToVisible()));
    }

    private static void reads(List<Target> targets, Figures.Reads reads) {
        targets.add(none("reads failed in surviving regions", reads.failed()));
        targets.add(none("reads wrong for their token", reads.tokenWrong()));
        targets.add(none("regions without a read", reads.silentRegions()));
        targets.add(new Target(
                "reads with a token", "1 at least", Long.toString(reads.withToken()), reads.withToken() > 0));
    }

    private static void dnsRecord(List<Target> targets, DrillPlan plan, Figures.DnsRecord dns) {
        String since = plan.dnsRefused() ? "Route 53 back" : "promotion";
        targets.add(within(since + " to the record moved", plan.recordMaxMs(), Map.of("record", dns.movedMs())));
        targets.add(within("roll back to the record moved", plan.recordMaxMs(), Map.of("record", dns.movedBackMs())));
        if (plan.dnsRefused()) {
            targets.add(new Target(
                    "the record stands while Route 53 refuses",
                    "yes",
                    dns.movedWhileRefused() ? "no" : "yes",
                    !dns.movedWhileRefused()));
        }
        List<Long> epochs = dns.epochs();
        boolean two = epochs.size() == 3
                && epochs.get(1) == epochs.getFirst() + 1
                && epochs.getLast() == epochs.getFirst() + 2;
        targets.add(new Target("epochs", "one more for each of two promotions", epochs.toString(), two));
    }

    private static Target none(String name, Collection<?> found) {
        String measured = found.stream()
                .findFirst()
                .map(first -> found.size() + ", the first: " + first)
                .orElse("0");
        return new Target(name, "0", measured, found.isEmpty());
    }

    private static Target within(String name, long maxMs, Map<String, OptionalLong> times) {
        boolean met = !times.isEmpty()
                && times.values().stream().allMatch(time -> time.isPresent() && time.getAsLong() <= maxMs);
        List<String> each = times.entrySet().stream()
                .map(time -> time.getKey() + " " + Seconds.of(time.getValue()))
                .toList();
        return new Target(name, "at most " + Seconds.of(maxMs), String.join(", ", each), met);
    }
}
