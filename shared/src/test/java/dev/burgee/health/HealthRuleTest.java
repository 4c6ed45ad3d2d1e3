package dev.burgee.health;

import static dev.burgee.health.Healths.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class HealthRuleTest {
    private static final TierHealth UP = new TierHealth(true, NOON);
    private static final TierHealth DOWN = new TierHealth(false, NOON);
    private static final ReplicationHealth FAST = Healths.good().replication();
    private static final CacheUse CALM = Healths.good().use();
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private static HealthRule.Seen seen(@Nullable RegionHealth health, @Nullable Duration age, boolean empty) {
        return HealthRule.Seen.of(health, age, empty);
    }

    private static HealthRule.Seen seen(RegionHealth health) {
        return seen(health, YOUNG, false);
    }

    private static HealthRule.Seen replicating(
            @Nullable Instant checked, @Nullable Double lag, @Nullable Instant beat) {
        return seen(Healths.with(checked, new ReplicationHealth(lag, beat, 0L, 0L), CALM));
    }

    private static HealthRule.Seen using(@Nullable Double memory, @Nullable Double evictions, @Nullable Double p99) {
        return seen(Healths.with(NOON, FAST, new CacheUse(memory, evictions, p99, 90.0, 3)));
    }

    static Stream<Arguments> table() {
        return Stream.of(
                arguments("as it should be", seen(Healths.good()), List.of()),
                arguments("three pulses old", seen(Healths.good(), Duration.ofMinutes(3), false), List.of()),
                arguments("older", seen(Healths.good(), Duration.ofMillis(180_001), false), List.of(HealthRule.SILENT)),
                arguments("never seen", seen(null, null, false), List.of(HealthRule.SILENT)),
                arguments("nothing measured", seen(null, YOUNG, false), List.of(HealthRule.SILENT)),
                arguments("no cache accepts writes", seen(Healths.with(0, UP, UP, UP)), List.of(HealthRule.NO_PRIMARY)),
                arguments(
                        "the home's does not answer",
                        seen(Healths.with(1, UP, DOWN, UP)),
                        List.of(HealthRule.NO_PRIMARY)),
                arguments("two accept writes", seen(Healths.with(2, UP, UP, UP)), List.of(HealthRule.SPLIT_BRAIN)),
                arguments("no ledger", seen(Healths.with(1, UP, UP, DOWN)), List.of(HealthRule.LEDGER_DOWN)),
                arguments(
                        "no own cache",
                        seen(Healths.with(1, DOWN, UP, UP), YOUNG, true),
                        List.of(HealthRule.CACHE_DOWN)),
                arguments("an empty one", seen(Healths.good(), YOUNG, true), List.of(HealthRule.CACHE_EMPTY)),
                arguments("lag at the limit", replicating(NOON, 5_000.0, NOON), List.of()),
                arguments("lag over it", replicating(NOON, 5_000.5, NOON), List.of(HealthRule.LAG)),
                arguments("the home has none", replicating(NOON, null, NOON), List.of()),
                arguments("a heartbeat of 30 s", replicating(NOON, 1.0, NOON.minusSeconds(30)), List.of()),
                arguments(
                        "an older one",
                        replicating(NOON, 1.0, NOON.minusSeconds(31)),
                        List.of(HealthRule.HEARTBEAT_OLD)),
                arguments("never one", replicating(NOON, 1.0, null), List.of(HealthRule.HEARTBEAT_OLD)),
                arguments("confirmed 5 min ago", replicating(NOON.minusSeconds(300), 1.0, NOON), List.of()),
                arguments(
                        "confirmed before that",
                        replicating(NOON.minusSeconds(301), 1.0, NOON),
                        List.of(HealthRule.UNCONFIRMED)),
                arguments("never confirmed", replicating(null, 1.0, NOON), List.of(HealthRule.UNCONFIRMED)),
                arguments("at all limits", using(80.0, 100.0, 50.0), List.of()),
                arguments("memory", using(80.1, 100.0, 50.0), List.of(HealthRule.MEMORY)),
                arguments("evictions", using(80.0, 100.1, 50.0), List.of(HealthRule.EVICTIONS)),
                arguments("commands", using(80.0, 100.0, 50.1), List.of(HealthRule.SLOW_COMMANDS)),
                arguments("not known", using(null, null, null), List.of()),
                arguments(
                        "what a reader knows better",
                        new HealthRule.Seen(Healths.good(), YOUNG, false, false, false),
                        List.of(HealthRule.NO_PRIMARY, HealthRule.CACHE_DOWN)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void holds(String name, HealthRule.Seen seen, List<HealthRule> holding) {
        assertThat(HealthRule.holding(seen)).as(name).isEqualTo(holding);
    }

    @Test
    void theTableTouchesEveryRule() {
        assertThat(table().flatMap(row -> ((List<?>) row.get()[2]).stream()).distinct())
                .hasSize(HealthRule.values().length);
    }

    @Test
    void theWorstCounts() {
        assertThat(HealthRule.worst(List.of())).isEqualTo(HealthStatus.HEALTHY);
        assertThat(HealthRule.worst(List.of(HealthRule.LAG))).isEqualTo(HealthStatus.DEGRADED);
        assertThat(HealthRule.worst(List.of(HealthRule.LAG, HealthRule.SILENT, HealthRule.MEMORY)))
                .isEqualTo(HealthStatus.CRITICAL);
        assertThat(Arrays.stream(HealthRule.values()).map(HealthRule::text)).contains("no-primary", "slow-commands");
    }
}
