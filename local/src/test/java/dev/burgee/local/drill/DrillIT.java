package dev.burgee.local.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.local.LocalWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One short drill, whole: the primary's region lost, another promoted by an event, all rolled back. What must never be is
 * asserted; how long it took is {@code scripts/drill}'s to judge, on a machine that does nothing else.
 */
class DrillIT {
    @TempDir
    Path out;

    @Test
    void nothingIsLostWhenTheRegionOfThePrimaryIs() {
        var parsed = DrillOptions.parse(
                List.of("--seed", "7", "--lost", "region", "--duration", "1", "--pulse", "5", "--out", out.toString()));
        DrillOptions options = ((DrillOptions.Parsed.Run) parsed).options();
        DrillPlan plan = DrillPlan.of(options, 7);
        try (LocalWorld world = LocalWorld.start(options.regions(), Duration.ofSeconds(5), options.flags(), _ -> {})) {
            Instant began = Instant.now();

            Result result = Result.of(plan, began, Drill.run(plan, world.control(), _ -> {}));

            assertThat(result.missed())
                    .filteredOn(target -> !target.name().contains(" to first ")
                            && !target.name().contains(" to the record moved"))
                    .isEmpty();
        }
    }
}
