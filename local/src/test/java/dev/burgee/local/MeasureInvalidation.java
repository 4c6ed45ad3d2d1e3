package dev.burgee.local;

import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How soon an invalidation from eu-west-1 is seen in every region. */
final class MeasureInvalidation {
    private static final int EXTRA_MS = 50;
    private static final Duration SEEN_MAX = Duration.ofSeconds(10);
    private static final int PAUSE_MS_MAX = 100;

    private final World world;
    private final Truth truth;
    private final Page page;
    private final int times;

    MeasureInvalidation(World world, Truth truth, Page page, int times) {
        this.world = world;
        this.truth = truth;
        this.page = page;
        this.times = times;
    }

    /** One warm process that reads all the time, and the first answer that showed each position. */
    private static final class Looking implements AutoCloseable {
        private final WarmReader reader;
        private final ConcurrentSkipListMap<Long, Reply> first = new ConcurrentSkipListMap<>();
        private final Thread thread;
        private volatile @Nullable Reply latest;

        Looking(World world, Region region) {
            reader = new WarmReader(world, region, 0);
            thread = Thread.ofPlatform().daemon().name("looking-" + region).start(this::look);
        }

        private void look() {
            long last = -1;
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Reply reply = reader.api().read("gone");
                    latest = reply;
                    if (reply.position() > last) {
                        last = reply.position();
                        first.put(last, reply);
                    }
                } catch (RuntimeException e) {
                    // it looks again
                }
            }
        }

        /** It has met the invalidation, and its cache has the flag again: it waits for nothing any more. */
        boolean isQuietAfter(long position) {
            Reply reply = latest;
            return reply != null
                    && reply.position() >= position
                    && !reply.source().equals("database");
        }

        Reply firstOf(long position) {
            return first.ceilingEntry(position).getValue();
        }

        @Override
        public void close() {
            thread.interrupt();
            reader.close();
        }
    }

    void run() {
        page.heading("Visibility of an invalidation from eu-west-1");
        page.text(
                "Freshness window 0. From the moment at which the home's cache has it (seen there directly) to when the first"
                        + " read begins that does not take the old copy for current; over HTTP, from one warm process per region that"
                        + " reads all the time. Such a read meets the marker and asks the ledger, so its answer comes a round trip to"
                        + " the ledger later: the last columns. Looking costs 1 to 3 ms, which are in the figures.");
        page.columns(
                "region",
                "one-way from home ms",
                "p50 ms",
                "p99 ms",
                "target p99 ms",
                "",
                "answered anew p50",
                "answered anew p99");
        new Api(world.baseUri(US_EAST_1)).put("gone", Api.document("gone"));
        truth.healAndConverge();
        Map<Region, Looking> looking = new LinkedHashMap<>();
        try (var home = new Watch("home", () -> truth.position(US_EAST_1))) {
            world.geography().regions().forEach(region -> looking.put(region, new Looking(world, region)));
            List<Long> positions = invalidate(home, looking);
            looking.forEach((region, each) -> row(region, positions, home, each));
        } finally {
            looking.values().forEach(Looking::close);
        }
    }

    private List<Long> invalidate(Watch home, Map<Region, Looking> looking) {
        Api eu = new Api(world.baseUri(EU_WEST_1));
        var random = new Random(1);
        List<Long> positions = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Reply reply = eu.invalidate("gone");
            if (!reply.isAccepted()) {
                throw new IllegalStateException(reply.body());
            }
            long position = reply.position();
            positions.add(position);
            Await.until(
                    "it is seen",
                    SEEN_MAX,
                    () -> home.hasSeen(position)
                            && looking.values().stream().allMatch(each -> each.isQuietAfter(position)));
            LockSupport.parkNanos(
                    Duration.ofMillis(random.nextInt(PAUSE_MS_MAX)).toNanos());
        }
        return positions;
    }

    private void row(Region region, List<Long> positions, Watch home, Looking looking) {
        var begun = new Samples(positions.stream()
                .map(position -> (looking.firstOf(position).startNanos() - home.seenAtNanos(position)) / 1e6)
                .toList());
        var answered = new Samples(positions.stream()
                .map(position -> (looking.firstOf(position).endNanos() - home.seenAtNanos(position)) / 1e6)
                .toList());
        long oneWay = world.geography().oneWay(US_EAST_1, region).toMillis();
        page.row(
                region,
                oneWay,
                begun.shown(50),
                begun.shown(99),
                oneWay + EXTRA_MS,
                begun.percentile(99) <= oneWay + EXTRA_MS ? "met" : "MISSED",
                answered.shown(50),
                answered.shown(99));
    }
}
