package dev.burgee.local;

import static dev.burgee.local.Geography.US_EAST_1;

import dev.burgee.region.Region;
import java.util.List;
import java.util.stream.IntStream;

/** How long reads take from each tier. */
final class MeasureReads {
    private static final int WARM = 30;

    private final World world;
    private final Truth truth;
    private final Page page;
    private final int reads;

    MeasureReads(World world, Truth truth, Page page, int reads) {
        this.world = world;
        this.truth = truth;
        this.page = page;
        this.reads = reads;
    }

    void run() {
        page.heading("Reads");
        page.text("One flag over HTTP from one warm process, one read after the other; " + reads + " per line after "
                + WARM
                + " that do not count. The client, the gateway's stand-in and the event's JSON are in the figures: about 1 ms."
                + " `primary` in other regions: with the region's own cache killed; `database`: with the home's cache killed as"
                + " well. A reader without Burgee that asks the home region pays the round trip each time.");
        page.columns("region", "source", "p50 ms", "p95 ms", "p99 ms", "round trip to us-east-1 ms");
        new Api(world.baseUri(US_EAST_1)).put("read", Api.document("read"));
        truth.converge();
        for (Region region : world.geography().regions()) {
            measure(region, 60_000, "memory");
            measure(region, 0, region.equals(US_EAST_1) ? "primary" : "replica");
        }
        for (Region region : world.geography().regions()) {
            if (!region.equals(US_EAST_1)) {
                world.caches().stop(region);
                measure(region, 0, "primary");
            }
        }
        world.caches().stop(US_EAST_1);
        for (Region region : world.geography().regions()) {
            measure(region, 0, "database");
        }
        truth.healAndConverge();
    }

    private void measure(Region region, int windowMs, String source) {
        try (var reader = new WarmReader(world, region, windowMs)) {
            List<Reply> replies = IntStream.range(0, WARM + reads)
                    .mapToObj(_ -> reader.api().read("read"))
                    .skip(WARM)
                    .toList();
            long others = replies.stream()
                    .filter(reply -> reply.status() != 200 || !reply.source().equals(source))
                    .count();
            Samples samples = Samples.ofReplies(replies);
            page.row(
                    region,
                    source + (others == 0 ? "" : " (" + others + " of other sources)"),
                    samples.shown(50),
                    samples.shown(95),
                    samples.shown(99),
                    2 * world.geography().oneWay(region, US_EAST_1).toMillis());
        }
    }
}
