package dev.burgee.local;

import dev.burgee.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads with tokens in every region, while replication lags at random. */
final class MeasureTokens {
    private final World world;
    private final Page page;
    private final int reads;

    MeasureTokens(World world, Page page, int reads) {
        this.world = world;
        this.page = page;
        this.reads = reads;
    }

    void run() {
        page.heading("Reads with a token");
        page.text(
                "18 callers write flags of their own and read flags, lists and pages with the position that they have seen,"
                        + " each call in any of the three regions, while replication into each region lags by 0 to 600 ms more than the"
                        + " distance, another lag every half second at most, and the home moves to eu-west-1 and back. Seed 1.");
        var load = new TokenLoad(world, 1, reads);
        long start = System.nanoTime();
        load.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        page.columns("what", "", "target");
        page.row("reads with a token", load.reads(), String.format(Locale.ROOT, "%,d", reads));
        page.row("lists among them, and single pages", load.lists() + ", " + load.pages(), "");
        page.row("writes meanwhile", load.writes(), "");
        page.row(
                "reads that miss the write which their token names",
                load.misses().size(),
                "0");
        page.row(
                "reads that show less than their caller had seen",
                load.backward().size(),
                "0");
        page.row(
                "answers of 503, and of other kinds",
                load.refused() + ", " + load.others().size(),
                "");
        page.row("by source", load.sources(), "");
        page.row("of those that the region's own cache did not show at once (`TokenRead`)", ways(world), "");
        page.row(
                "p50, p95, p99 ms",
                load.samples().shown(50) + ", " + load.samples().shown(95) + ", "
                        + load.samples().shown(99),
                "");
        page.row("seconds", Math.round(seconds), "");
    }

    /** {@code TokenRead} of all regions, by way. */
    static Map<String, Long> ways(World world) {
        Map<String, Long> ways = new TreeMap<>();
        for (String line : world.output().metrics().since(0)) {
            if (Json.parse(line) instanceof Map<?, ?> emf
                    && emf.get("Way") instanceof String way
                    && emf.get("TokenRead") instanceof Number count) {
                ways.merge(way, count.longValue(), Long::sum);
            }
        }
        return ways;
    }
}
