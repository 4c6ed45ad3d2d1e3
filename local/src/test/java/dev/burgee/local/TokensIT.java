package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Read your writes, anywhere, whatever lags. {@code -Dburgee.seed=N} plays one seed, {@code -Dburgee.tokens.reads=N} makes it
 * longer; {@code scripts/measure --tokens} plays 20,000 reads.
 */
@Timeout(240)
final class TokensIT {
    private static final int READS = Integer.getInteger("burgee.tokens.reads", 1_000);

    @ParameterizedTest
    @EnumSource(Memory.class)
    void noTokenIsMissedAndNobodyGoesBackWhateverLags(Memory memory) {
        long seed = Long.getLong("burgee.seed", new Random().nextLong(1, 1_000_000));
        System.out.println("seed " + seed + ", memory " + memory + ": -Dburgee.seed=" + seed);
        try (World world = World.start(WorldOptions.ofThreeRegions(memory.functions()))) {
            var load = new TokenLoad(world, seed, READS);

            load.run();

            System.out.println(
                    load.reads() + " reads, " + load.lists() + " lists and " + load.pages() + " pages among them, "
                            + load.writes() + " writes, " + load.refused() + " refused, by source " + load.sources()
                            + ", replicas that were behind: " + MeasureTokens.ways(world));
            assertThat(load.misses()).as("seed %s", seed).isEmpty();
            assertThat(load.backward()).as("seed %s", seed).isEmpty();
            assertThat(load.others()).as("seed %s", seed).isEmpty();
            assertThat(load.reads()).isGreaterThanOrEqualTo(READS);
            assertThat(MeasureTokens.ways(world)).containsKeys("waited", "home");
        }
    }
}
