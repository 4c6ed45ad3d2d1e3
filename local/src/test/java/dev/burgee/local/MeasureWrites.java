package dev.burgee.local;

import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;

import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Entry;
import dev.burgee.region.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** How long writes take, alone and against each other. */
final class MeasureWrites {
    private static final int WRITERS = 8;
    private static final int EU_P50_MS_MAX = 200;

    private final World world;
    private final Truth truth;
    private final Page page;
    private final int writes;

    MeasureWrites(World world, Truth truth, Page page, int writes) {
        this.world = world;
        this.truth = truth;
        this.page = page;
        this.writes = writes;
    }

    void run() {
        page.heading("One writer");
        page.text("PATCH over HTTP, one after the other; " + writes + " per region after 10 that do not count.");
        page.columns("region", "round trip to us-east-1 ms", "p50 ms", "p99 ms", "target p50 ms", "");
        for (Region region : world.geography().regions()) {
            alone(region);
        }
        page.heading("Eight writers at once");
        page.text(
                "From all three regions (3, 3, 2), " + writes / WRITERS
                        + " PATCHes each, with idempotency keys; a write that is answered 503 is repeated, and its time is that of"
                        + " all tries. Conflicts: another entry took the number. Lost: accepted, and not exactly once in the ledger.");
        page.columns("", "accepted", "per second", "p50 ms", "p99 ms", "conflicts", "retries", "503", "lost");
        atOnce("one flag", _ -> "contended");
        atOnce("eight flags", writer -> "own-" + writer);
    }

    private void alone(Region region) {
        Api api = new Api(world.baseUri(region));
        String key = "alone-" + region;
        api.put(key, Api.document("first"));
        IntStream.range(0, 10).forEach(i -> api.patchFlag(key, Api.patch("op", "warm-" + i)));
        Samples samples = Samples.ofReplies(IntStream.range(0, writes)
                .mapToObj(i -> api.patchFlag(key, Api.patch("op", "alone-" + i)))
                .filter(Reply::isAccepted)
                .toList());
        boolean target = region.equals(EU_WEST_1);
        page.row(
                region,
                2 * world.geography().oneWay(region, US_EAST_1).toMillis(),
                samples.shown(50),
                samples.shown(99),
                target ? EU_P50_MS_MAX : "",
                !target ? "" : samples.percentile(50) <= EU_P50_MS_MAX ? "met" : "MISSED");
    }

    private void atOnce(String what, IntFunction<String> keys) {
        List<Api> apis = world.geography().regions().stream()
                .map(world::baseUri)
                .map(Api::new)
                .toList();
        IntStream.range(0, WRITERS)
                .mapToObj(keys)
                .distinct()
                .forEach(key -> apis.getFirst().put(key, Api.document("start")));
        long end = truth.model().end();
        long since = System.currentTimeMillis();
        long start = System.nanoTime();
        List<Callable<List<Written>>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Api api = apis.get(i % apis.size());
            String key = keys.apply(i);
            String writer = what.replace(' ', '-') + "-" + i;
            writers.add(() -> IntStream.range(0, writes / WRITERS)
                    .mapToObj(j -> write(api, key, writer + "-" + j))
                    .toList());
        }
        List<Written> written =
                Parallel.run(writers).stream().flatMap(List::stream).toList();
        double seconds = (System.nanoTime() - start) / 1e9;
        List<String> metrics = world.output().metrics().since(since);
        List<Entry> log = truth.log();
        long lost = written.stream()
                .filter(one -> log.stream()
                                .filter(entry -> entry.number() > end && isOf(entry, one.operation))
                                .count()
                        != 1)
                .count();
        Samples samples = new Samples(written.stream().map(Written::millis).toList());
        page.row(
                what,
                written.size(),
                String.format(Locale.ROOT, "%.1f", written.size() / seconds),
                samples.shown(50),
                samples.shown(99),
                EmfSum.of("WriteConflict", metrics),
                EmfSum.of("WriteRetry", metrics),
                written.stream().mapToInt(Written::refusals).sum(),
                lost);
    }

    private record Written(String operation, double millis, int refusals) {}

    private static Written write(Api api, String key, String operation) {
        long start = System.nanoTime();
        int refusals = 0;
        Reply reply = api.patchFlag(key, Api.patch("op", operation), "Idempotency-Key", operation);
        while (reply.status() == 503) {
            refusals++;
            reply = api.patchFlag(key, Api.patch("op", operation), "Idempotency-Key", operation);
        }
        if (!reply.isAccepted()) {
            throw new IllegalStateException(reply.body());
        }
        return new Written(operation, (reply.endNanos() - start) / 1e6, refusals);
    }

    private static boolean isOf(Entry entry, String operation) {
        return entry.changes().getFirst().after() instanceof FlagState.Live(long _, String json)
                && json.contains("\"op\":\"" + operation + "\"");
    }
}
