package dev.burgee.local.drill;

import dev.burgee.json.Json;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The report of drills, for people (Markdown) and for programs (JSON). */
final class Report {
    private static final int SHOWN_MAX = 10;

    /** On which machine. */
    private final String machine;

    Report(String machine) {
        this.machine = machine;
    }

    /** One drill. */
    String markdown(Result result) {
        var page = new StringBuilder(4_000);
        Evidence seen = result.seen();
        line(page, "# Drill " + result.plan().seed() + ": " + verdict(result));
        line(page, "");
        line(
                page,
                "`" + result.plan().command() + "`, " + result.began().truncatedTo(ChronoUnit.SECONDS) + ", on "
                        + machine
                        + ". Everything ran on this one machine: functions, Redis, DynamoDB Local, the distances between the regions, and"
                        + " the load.");
        line(page, "");
        line(
                page,
                String.join(", ", result.plan().words()) + "; lost " + seen.lost() + ", promoted " + seen.promoted()
                        + ", of " + String.join(", ", seen.regions()) + ".");
        line(page, "");
        line(page, "| Target | Limit | Measured | Met |");
        line(page, "|---|---|---|---|");
        result.targets()
                .forEach(target -> line(
                        page,
                        "| " + target.name() + " | " + target.limit() + " | " + cell(target.measured()) + " | "
                                + (target.met() ? "yes" : "**NO**") + " |"));
        times(page, result);
        counts(page, result);
        dnsRecord(page, result);
        examples(page, "Acknowledged writes lost", result.figures().writes().lost());
        examples(
                page,
                "Reads failed in surviving regions",
                result.figures().reads().failed());
        examples(page, "Reads wrong for their token", result.figures().reads().tokenWrong());
        examples(page, "Flags that differ", result.figures().writes().diverged());
        return page.toString();
    }

    /** One line each. */
    String summary(List<Result> results) {
        var page = new StringBuilder(4_000);
        long failed = results.stream().filter(result -> !result.passed()).count();
        line(page, "# " + results.size() + " drills: " + (failed == 0 ? "all passed" : failed + " failed"));
        line(page, "");
        line(page, "On " + machine + ". Times are those of the slowest surviving region.");
        line(page, "");
        line(
                page,
                "| Seed | What | Acknowledged | Lost | Outage to accepted | Promotion to written | to visible |"
                        + " Reads | Failed | Wrong for token | Record moved | Passed |");
        line(page, "|---|---|---|---|---|---|---|---|---|---|---|---|");
        results.forEach(result -> line(page, row(result)));
        results.stream().filter(result -> !result.passed()).forEach(result -> {
            line(page, "");
            line(
                    page,
                    "Drill " + result.plan().seed() + " missed, `"
                            + result.plan().command() + "`:");
            line(page, "");
            result.missed()
                    .forEach(target -> line(
                            page, "* " + target.name() + ": " + target.measured() + " (limit " + target.limit() + ")"));
        });
        return page.toString();
    }

    /** The same for programs; times in milliseconds, null for what never came. */
    String json(List<Result> results) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("passed", results.stream().allMatch(Result::passed));
        tree.put("machine", machine);
        tree.put("drills", results.stream().map(Report::tree).toList());
        return Json.write(tree) + "\n";
    }

    private static String verdict(Result result) {
        return result.passed() ? "passed" : "FAILED, " + result.missed().size() + " targets missed";
    }

    private static void times(StringBuilder page, Result result) {
        Figures.Times times = result.figures().times();
        line(page, "");
        line(page, "## Recovery time by region");
        line(page, "");
        line(
                page,
                "| Region | Outage to first accepted write | Promotion to first write not delayed | Promotion to first write"
                        + " visible | Roll back to first write not delayed | Roll back to first write visible |");
        line(page, "|---|---|---|---|---|---|");
        result.seen()
                .regions()
                .forEach(region -> line(
                        page,
                        "| " + region + " | " + cell(times.outageToAcknowledged(), region) + " | "
                                + cell(times.promotionToWritten(), region) + " | "
                                + cell(times.promotionToVisible(), region)
                                + " | " + cell(times.rollbackToWritten(), region) + " | "
                                + cell(times.rollbackToVisible(), region) + " |"));
        line(page, "");
        List<String> moments = new ArrayList<>();
        result.seen().marks().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(mark -> moments.add(
                        mark.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " "
                                + Seconds.of(mark.getValue())));
        line(page, "Moments since the beginning: " + String.join(", ", moments) + ".");
    }

    private static void counts(StringBuilder page, Result result) {
        Figures.Writes writes = result.figures().writes();
        Figures.Reads reads = result.figures().reads();
        line(page, "");
        line(page, "## Writes and reads");
        line(page, "");
        line(
                page,
                "Writes answered: " + writes.answers() + ". Acknowledged and lost (RPO): "
                        + writes.lost().size() + ".");
        line(page, "");
        line(
                page,
                "Reads in regions that were not lost at the time: " + reads.number() + ", failed "
                        + reads.failed().size()
                        + "; in the lost region while it was lost " + reads.failedWhileLost()
                        + " failed. Reads with a token: " + reads.withToken() + " answered, " + reads.tokenUnavailable()
                        + " refused for a while (503 with Retry-After), "
                        + reads.tokenWrong().size() + " wrong.");
        line(page, "");
        line(
                page,
                "Stale reads (without a token, lacking what was acknowledged 2 s before): "
                        + stale(reads.staleInOutage())
                        + " from the outage to the recovery, when no cache can be written; "
                        + stale(reads.staleOtherwise()) + " at other times. Answers marked `Burgee-Stale`: "
                        + reads.markedStale()
                        + (reads.markedStale() == 0 ? "." : ", " + reads.markedStaleMaxS() + " s at most."));
    }

    private static String stale(Figures.Stale stale) {
        return stale.number() == 0 ? "0" : stale.number() + ", the oldest " + Seconds.of(stale.ageMaxMs()) + " behind,";
    }

    private static void dnsRecord(StringBuilder page, Result result) {
        line(page, "");
        line(page, "## The primary, its DNS record, the epoch");
        line(page, "");
        result.seen()
                .status()
                .forEach(status -> line(
                        page,
                        "* " + Seconds.of(status.atMs()) + ": primary " + status.primary() + ", record "
                                + (status.cname().isEmpty() ? "none" : status.cname()) + ", epoch " + status.epoch()));
    }

    private static void examples(StringBuilder page, String title, Collection<?> examples) {
        if (!examples.isEmpty()) {
            line(page, "");
            line(page, "## " + title + " (" + examples.size() + ")");
            line(page, "");
            examples.stream().limit(SHOWN_MAX).forEach(example -> line(page, "* " + example));
        }
    }

    private static String row(Result result) {
        Figures figures = result.figures();
        Figures.Times times = figures.times();
        long acknowledged = result.seen().writes().stream()
                .filter(WriteSeen::isAcknowledged)
                .count();
        List<String> cells = List.of(
                Long.toString(result.plan().seed()),
                String.join(", ", result.plan().words()),
                Long.toString(acknowledged),
                Integer.toString(figures.writes().lost().size()),
                Seconds.of(slowest(times.outageToAcknowledged())),
                Seconds.of(slowest(times.promotionToWritten())),
                Seconds.of(slowest(times.promotionToVisible())),
                Long.toString(figures.reads().number()),
                Integer.toString(figures.reads().failed().size()),
                Integer.toString(figures.reads().tokenWrong().size()),
                Seconds.of(figures.dnsRecord().movedMs()),
                result.passed() ? "yes" : "**NO**");
        return "| " + String.join(" | ", cells) + " |";
    }

    private static OptionalLong slowest(Map<String, OptionalLong> times) {
        return times.values().stream().anyMatch(OptionalLong::isEmpty)
                ? OptionalLong.empty()
                : times.values().stream().mapToLong(OptionalLong::getAsLong).max();
    }

    private static Map<String, @Nullable Object> tree(Result result) {
        Figures figures = result.figures();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("seed", result.plan().seed());
        tree.put("command", result.plan().command());
        tree.put("began", result.began().toString());
        tree.put("passed", result.passed());
        tree.put("lost", result.plan().lost().text());
        tree.put("silent", result.plan().silent());
        tree.put("dnsRefused", result.plan().dnsRefused());
        tree.put("regions", result.seen().regions());
        tree.put("lostRegion", result.seen().lost());
        tree.put("promotedRegion", result.seen().promoted());
        tree.put("targets", result.targets().stream().map(Report::tree).toList());
        tree.put("outageToAcceptedMs", tree(figures.times().outageToAcknowledged()));
        tree.put("promotionToWrittenMs", tree(figures.times().promotionToWritten()));
        tree.put("promotionToVisibleMs", tree(figures.times().promotionToVisible()));
        tree.put("rollbackToWrittenMs", tree(figures.times().rollbackToWritten()));
        tree.put("rollbackToVisibleMs", tree(figures.times().rollbackToVisible()));
        Map<String, Object> answers = new LinkedHashMap<>();
        figures.writes().answers().forEach((answer, number) -> answers.put(answer.name(), number));
        tree.put("writes", answers);
        tree.put("acknowledgedWritesLost", strings(figures.writes().lost()));
        tree.put("reads", figures.reads().number());
        tree.put("readsFailed", strings(figures.reads().failed()));
        tree.put("readsFailedWhileLost", figures.reads().failedWhileLost());
        tree.put("tokenReads", figures.reads().withToken());
        tree.put("tokenReadsRefused", figures.reads().tokenUnavailable());
        tree.put("tokenReadsWrong", figures.reads().tokenWrong());
        tree.put("staleReadsInOutage", tree(figures.reads().staleInOutage()));
        tree.put("staleReadsOtherwise", tree(figures.reads().staleOtherwise()));
        tree.put("readsMarkedStale", figures.reads().markedStale());
        tree.put("recordMovedMs", boxed(figures.dnsRecord().movedMs()));
        tree.put("recordMovedBackMs", boxed(figures.dnsRecord().movedBackMs()));
        tree.put("status", result.seen().status().stream().map(Report::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(Target target) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", target.name());
        tree.put("limit", target.limit());
        tree.put("measured", target.measured());
        tree.put("met", target.met());
        return tree;
    }

    private static Map<String, Object> tree(Figures.Stale stale) {
        return Map.of("number", stale.number(), "ageMaxMs", stale.ageMaxMs());
    }

    private static Map<String, Object> tree(StatusSeen status) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("atMs", status.atMs());
        tree.put("primary", status.primary());
        tree.put("cname", status.cname());
        tree.put("epoch", status.epoch());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Map<String, OptionalLong> times) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        times.forEach((region, time) -> tree.put(region, boxed(time)));
        return tree;
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? Long.valueOf(number.getAsLong()) : null;
    }

    private static List<String> strings(Collection<?> some) {
        return some.stream().map(String::valueOf).toList();
    }

    private static String cell(Map<String, OptionalLong> times, String region) {
        OptionalLong time = times.get(region);
        return time == null ? "" : Seconds.of(time);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    private static void line(StringBuilder page, String text) {
        page.append(text).append('\n');
    }
}
