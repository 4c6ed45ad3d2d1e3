package dev.burgee.local;

import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many regions as a world can have, with the functions that ship. */
@Timeout(180)
final class NineRegionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Into each spoke; up to 10 s in three regions: {@link LagIT}. */
    private static final List<Integer> LAGS_MS = List.of(5, 100, 200, 300, 500, 1_000, 2_000, 5_000);

    @Test
    void aHubAndEightSpokesFollowAndTheHubMoves() {
        var options = WorldOptions.ofThreeRegions(Functions.shipped()).withRegions(9);
        try (World world = World.start(options);
                Control control = new Control(world)) {
            List<Region> regions = world.geography().regions();
            assertThat(regions).hasSize(9).doesNotHaveDuplicates();

            putAndAwait(world, regions.getLast(), "first");
            measureLag(world, control, regions);
            Region next = regions.get(7);
            control.post("/promote/" + next);

            Await.until(
                    "all follow " + next,
                    LIMIT,
                    () -> regions.stream()
                            .allMatch(region ->
                                    control.role(region).equals(region.equals(next) ? "primary" : "replica")));
            putAndAwait(world, US_EAST_1, "second");
        }
    }

    /** Written once in a region, it is visible in all. */
    private static void putAndAwait(World world, Region writer, String key) {
        Api from = new Api(world.baseUri(writer));
        Await.until(
                key + " is propagating",
                LIMIT,
                () -> from.put(key, Api.document("on")).body().contains("\"propagating\""));
        for (Region region : world.geography().regions()) {
            Api api = new Api(world.baseUri(region));
            Await.until(key + " is in " + region, LIMIT, () -> api.read(key).status() == 200);
        }
    }

    /** As many distances as there are spokes, and as many lags: what is measured is both together. */
    private static void measureLag(World world, Control control, List<Region> regions) {
        try (PulseCall pulses = new PulseCall(control)) {
            List<Region> spokes = regions.subList(1, regions.size());
            List<Callable<Boolean>> measurements = new ArrayList<>();
            for (int i = 0; i < spokes.size(); i++) {
                Region spoke = spokes.get(i);
                int lagMs = LAGS_MS.get(i);
                double expectedMs =
                        world.geography().oneWay(regions.getFirst(), spoke).toNanos() / 1e6 + lagMs;
                control.post("/regions/" + spoke + "/lag?ms=" + lagMs);
                measurements.add(() -> {
                    pulses.assertMeasures(spoke, expectedMs, lagMs < 1_000 ? 12 : 3);
                    return true;
                });
            }
            // where milliseconds count, nothing else goes on
            Parallel.run(measurements.subList(0, 1));
            Parallel.run(measurements.subList(1, measurements.size()));
            spokes.forEach(spoke -> control.post("/regions/" + spoke + "/lag?ms=0"));
        }
    }
}
