package dev.burgee.pulse;

import static dev.burgee.pulse.PulseWorld.EAST;
import static dev.burgee.pulse.PulseWorld.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.burgee.cache.CachedFlag;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Position;
import dev.burgee.metrics.Metric;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ScrubTest {
    private final PulseWorld world = new PulseWorld();

    private static CachedFlag shown(long version, String content) {
        return new CachedFlag.Present(new FlagState.Live(version, content));
    }

    private static FlagState live(long version) {
        return new FlagState.Live(version, "a");
    }

    static Stream<Arguments> table() {
        CachedFlag none = CachedFlag.MISSING;
        CachedFlag gone = new CachedFlag.Present(new FlagState.Deleted(5));
        return Stream.of(
                // what the cache shows, its position, the state item, the checkpoint, whether that is a difference
                arguments(shown(5, "a"), 9, live(5), 9, false),
                arguments(shown(5, "b"), 9, live(5), 9, true),
                arguments(gone, 9, live(5), 9, true),
                arguments(gone, 9, new FlagState.Deleted(5), 9, false),
                arguments(none, 9, FlagState.ABSENT, 9, false),
                arguments(none, 9, live(5), 9, true),
                arguments(none, 4, live(5), 9, false),
                arguments(none, 5, live(5), 9, true),
                arguments(shown(3, "a"), 9, live(5), 9, true),
                arguments(shown(3, "a"), 4, live(5), 9, false),
                arguments(shown(7, "a"), 9, live(5), 6, false),
                arguments(shown(7, "a"), 9, live(5), 7, true),
                arguments(shown(7, "a"), 9, FlagState.ABSENT, 7, true),
                arguments(shown(7, "a"), 6, live(5), 5, true),
                arguments(new CachedFlag.Marker(8), 9, live(5), 9, false));
    }

    @ParameterizedTest
    @MethodSource("table")
    void tellsOnlyWhatCannotBe(CachedFlag shown, int position, FlagState state, int checkpoint, boolean differs) {
        String found = Scrub.difference(shown, new Position(position), state, new Position(checkpoint));

        assertThat(found != null).as(String.valueOf(found)).isEqualTo(differs);
    }

    @Test
    void findsNothingInCachesThatAreInOrder() {
        world.put(40);
        world.plain(EAST, Profile.GLOBAL_DATASTORE);
        world.cache(WEST).copyOf(world.cache(EAST));
        world.put(3);

        assertThat(world.plain(WEST, Profile.GLOBAL_DATASTORE).problems()).isEmpty();
        assertThat(world.plain(EAST, Profile.GLOBAL_DATASTORE).problems()).isEmpty();
        assertThat(world.metrics.sum(Metric.CACHE_DIFFERS)).isZero();
    }

    @Test
    void reportsAFieldThatSomebodyElseWroteAsADefect() {
        world.put(3);
        world.plain(EAST, Profile.GLOBAL_DATASTORE);
        world.cache(EAST).corrupt(new FlagKey("flag-2"), shown(2, "secret content"));

        PulseReport report = world.plain(EAST, Profile.GLOBAL_DATASTORE);

        assertThat(report.problems())
                .containsExactly("scrub: flag flag-2: the cache shows another content for version 2");
        assertThat(world.metrics.sum(Metric.CACHE_DIFFERS)).isEqualTo(1);
        assertThat(world.log.lines("cache_differs")).hasSize(1);
    }

    @Test
    void countsWhatWasRepairedAndLittleElseIsReadWhenNothingChanged() {
        world.put(3);
        world.plain(EAST, Profile.GLOBAL_DATASTORE);
        assertThat(world.metrics.sum(Metric.REPAIRED)).isEqualTo(1);

        int before = world.ledger.reads();
        world.plain(EAST, Profile.GLOBAL_DATASTORE);

        // the last promotion, the end for the report, the end for the cache, checkpoint and sample, the end again
        assertThat(world.ledger.reads() - before).isLessThanOrEqualTo(6);
        assertThat(world.metrics.sum(Metric.REPAIRED)).isEqualTo(1);

        world.cache(EAST).flush();
        world.time.advance(Duration.ofMinutes(1));
        world.plain(EAST, Profile.GLOBAL_DATASTORE);
        assertThat(world.metrics.sum(Metric.REPAIRED)).isEqualTo(2);
        assertThat(world.cache(EAST).head().position()).isEqualTo(new Position(3));
    }
}
