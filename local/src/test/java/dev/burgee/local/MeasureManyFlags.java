package dev.burgee.local;

import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What 10,000 flags cost. */
final class MeasureManyFlags {
    private static final int TIMES = 30;
    private static final int PAGE_SIZE = 100;

    private final World world;
    private final Truth truth;
    private final Page page;
    private final int flags;

    MeasureManyFlags(World world, Truth truth, Page page, int flags) {
        this.world = world;
        this.truth = truth;
        this.page = page;
        this.flags = flags;
    }

    void run() {
        long start = System.nanoTime();
        new Seeder(world.baseUri(US_EAST_1), step -> {}).sow(new Seed.MadeUp(flags));
        double seedMs = (System.nanoTime() - start) / 1e6;
        truth.converge();
        page.heading(String.format(Locale.ROOT, "%,d flags", flags));
        page.text("In eu-west-1, over HTTP, from one warm process; the median of " + TIMES
                + " where more than one was made.");
        page.columns("what", "");
        page.row("seeding by imports of up to 1,000 flags", seconds(seedMs));
        long heapBefore = heapBytes();
        try (var fresh = new WarmReader(world, EU_WEST_1, 0);
                var memory = new WarmReader(world, EU_WEST_1, 60_000)) {
            fresh.api().read("no-such-flag");
            Reply first = fresh.api().list();
            long heapAfter = heapBytes();
            page.row(
                    "whole list, first of a process, from the replica", millis(first.millis()) + ", " + first.source());
            page.row("size of the whole list", first.body().length() / 1024 + " KiB");
            page.row("heap that a reader's memory takes", (heapAfter - heapBefore) / 1024 / 1024 + " MiB");
            String etag = first.header("etag");
            row("304 with If-None-Match, one round trip to the replica", fresh.api(), "", etag);
            row(
                    "first page of " + PAGE_SIZE + ", one round trip to the replica",
                    fresh.api(),
                    "?limit=" + PAGE_SIZE,
                    "");
            row("whole list, one round trip to the replica", fresh.api(), "", "");
            memory.api().list();
            row("304 from memory", memory.api(), "", etag);
            row("first page of " + PAGE_SIZE + " from memory", memory.api(), "?limit=" + PAGE_SIZE, "");
            row("whole list from memory", memory.api(), "", "");
        }
        world.caches().flush(US_EAST_1);
        Reply load = new Api(world.baseUri(US_EAST_1)).put("load", Api.document("load"));
        page.row(
                "a write in us-east-1 that meets an empty cache and loads it",
                millis(load.millis()) + (load.body().contains("\"propagating\"") ? "" : ", DELAYED"));
        truth.healAndConverge();
        world.caches().flush(US_EAST_1);
        Reply far = new Api(world.baseUri(EU_WEST_1)).put("load", Api.document("load"));
        page.row(
                "the same from eu-west-1",
                millis(far.millis()) + (far.body().contains("\"propagating\"") ? "" : ", DELAYED"));
    }

    private void row(String what, Api api, String query, String etag) {
        String[] headers = etag.isEmpty() ? new String[0] : new String[] {"If-None-Match", etag};
        List<Reply> replies = IntStream.range(0, TIMES)
                .mapToObj(_ -> api.send("GET", "/api/config/flags" + query, "", headers))
                .toList();
        Reply last = replies.getLast();
        page.row(what, millis(Samples.ofReplies(replies).percentile(50)) + ", " + last.status() + ", " + last.source());
    }

    private static long heapBytes() {
        Runtime runtime = Runtime.getRuntime();
        // twice: what the first makes unreachable by way of references, the second takes away
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    private static String seconds(double millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }
}
