package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code scripts/bench} measures of propagation, in short: no figures, but what must hold on a slow machine as well. */
@Timeout(120)
final class PropagationIT {
    private static final double VISIBLE_MS_MAX = 2_000;

    @Test
    void writesAreSeenInEveryRegionWithinTwoSeconds() {
        try (var world = MeasurePropagation.start(3)) {
            List<Double> beyond = world.beyondOneWay(5).beyondMs();
            assertThat(beyond).hasSize(5 * 3).allSatisfy(ms -> assertThat(ms).isLessThan(VISIBLE_MS_MAX));
            assertThat(world.load(50).connections()).isPositive();
            assertThat(world.replicationBytes(2)).isGreaterThan(100);
        }
    }
}
