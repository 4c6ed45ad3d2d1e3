package dev.burgee.local;

import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many regions as a world can have, with the functions that ship. */
@Timeout(180)
final class NineRegionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

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

    /** Two distances, two lags: what is measured is both together. */
    private static void measureLag(World world, Control control, List<Region> regions) {
        try (PulseCall pulses = new PulseCall(control)) {
            for (Region region : List.of(regions.get(1), regions.getLast())) {
                int lagMs = region.equals(regions.get(1)) ? 5 : 300;
                control.post("/regions/" + region + "/lag?ms=" + lagMs);
                Duration distance = world.geography().oneWay(regions.getFirst(), region);
                pulses.assertMeasures(region, distance.toNanos() / 1e6 + lagMs, 12);
                control.post("/regions/" + region + "/lag?ms=0");
            }
        }
    }
}
