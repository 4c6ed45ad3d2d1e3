package dev.burgee.local;

import static dev.burgee.local.Geography.EU_WEST_1;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What region-pulse measures against what the world injects; nine regions: {@link NineRegionsIT}. */
@Timeout(180)
final class LagIT {
    @Test
    void measuresTheLagThatThereIsFromFiveMillisecondsToTenSeconds() {
        var options = WorldOptions.ofThreeRegions(Functions.shipped())
                .withoutDistances()
                .withPulse(Duration.ofMinutes(10));
        try (World world = World.start(options);
                Control control = new Control(world);
                PulseCall pulses = new PulseCall(control)) {
            // in steps: a link on which nothing arrives for ten seconds is taken for dead
            for (int lagMs : new int[] {5, 100, 5_000, 10_000}) {
                control.post("/regions/" + EU_WEST_1 + "/lag?ms=" + lagMs);
                pulses.assertMeasures(EU_WEST_1, lagMs, lagMs < 1_000 ? 12 : 3);
            }
        }
    }
}
