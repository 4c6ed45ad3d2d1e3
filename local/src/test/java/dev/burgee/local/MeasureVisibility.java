package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** How soon a write from eu-west-1 is seen by readers without a token. */
final class MeasureVisibility {
    private static final int REPLICATION_MS_MAX = 20;
    private static final Duration SEEN_MAX = Duration.ofSeconds(10);
    /** Between writes, so that they fall anywhere into the readers' windows. */
    private static final int PAUSE_MS_MAX = 250;

    private final World world;
    private final Truth truth;
    private final Page page;
    private final int writes;

    MeasureVisibility(World world, Truth truth, Page page, int writes) {
        this.world = world;
        this.truth = truth;
        this.page = page;
        this.writes = writes;
    }

    void run() {
        page.heading("Visibility of a write from eu-west-1");
        page.text(
                "From the moment at which the home's cache has the write (seen there directly) to the first answer without a"
                        + " token that shows it, over HTTP, from one warm process per line that reads all the time; and from the"
                        + " answer to the writer. Looking costs 1 to 3 ms, which are in the figures. Negative: readers see it before"
                        + " the writer's answer has crossed.");
        page.columns(
                "seen by",
                "one-way from home ms",
                "p50 ms",
                "p99 ms",
                "target p99 ms",
                "",
                "since the answer p50",
                "since the answer p99");
        run(0, 50);
        run(250, 300);
    }

    private void run(int windowMs, int extraMs) {
        try (var home = new Watch("home", () -> truth.position(US_EAST_1));
                var replica = new Watch("replica", () -> truth.position(AP_SOUTHEAST_1));
                var apReader = new WarmReader(world, AP_SOUTHEAST_1, windowMs);
                var usReader = new WarmReader(world, US_EAST_1, windowMs);
                var ap = new Watch("ap", () -> apReader.api().read("seen").position());
                var us = new Watch("us", () -> usReader.api().read("seen").position())) {
            List<Reply> replies = write(List.of(home, replica, ap, us));
            String window = ", window " + windowMs + " ms";
            row(
                    "cache of ap-southeast-1 (replication alone)" + window,
                    AP_SOUTHEAST_1,
                    REPLICATION_MS_MAX,
                    replies,
                    home,
                    replica);
            row("ap-southeast-1" + window, AP_SOUTHEAST_1, extraMs, replies, home, ap);
            row("us-east-1" + window, US_EAST_1, extraMs, replies, home, us);
        }
    }

    private List<Reply> write(List<Watch> watches) {
        Api eu = new Api(world.baseUri(EU_WEST_1));
        var random = new Random(1);
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < writes; i++) {
            Reply reply = eu.put("seen", Api.document("seen-" + i));
            if (!reply.isAccepted()) {
                throw new IllegalStateException(reply.body());
            }
            replies.add(reply);
            watches.forEach(watch -> Await.until("the write is seen", SEEN_MAX, () -> watch.hasSeen(reply.position())));
            LockSupport.parkNanos(
                    Duration.ofMillis(random.nextInt(PAUSE_MS_MAX)).toNanos());
        }
        return replies;
    }

    private void row(String who, Region region, int extraMs, List<Reply> replies, Watch home, Watch watch) {
        Samples sinceHome = new Samples(replies.stream()
                .map(reply -> (watch.seenAtNanos(reply.position()) - home.seenAtNanos(reply.position())) / 1e6)
                .toList());
        Samples sinceAnswer = new Samples(replies.stream()
                .map(reply -> (watch.seenAtNanos(reply.position()) - reply.endNanos()) / 1e6)
                .toList());
        long oneWay = world.geography().oneWay(US_EAST_1, region).toMillis();
        page.row(
                who,
                oneWay,
                sinceHome.shown(50),
                sinceHome.shown(99),
                oneWay + extraMs,
                sinceHome.percentile(99) <= oneWay + extraMs ? "met" : "MISSED",
                sinceAnswer.shown(50),
                sinceAnswer.shown(99));
    }
}
