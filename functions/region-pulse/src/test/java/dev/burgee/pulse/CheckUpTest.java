package dev.burgee.pulse;

import static dev.burgee.pulse.PulseWorld.EAST;
import static dev.burgee.pulse.PulseWorld.INTERVAL;
import static dev.burgee.pulse.PulseWorld.LAG;
import static dev.burgee.pulse.PulseWorld.SOUTH;
import static dev.burgee.pulse.PulseWorld.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.burgee.cache.FakeCacheMonitor;
import dev.burgee.health.CacheVitals;
import dev.burgee.health.HealthRule;
import dev.burgee.health.RegionHealth;
import dev.burgee.ledger.RegionView;
import dev.burgee.ledger.ViewFormat;
import dev.burgee.metrics.Metric;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckUpTest {
    private final PulseWorld world = new PulseWorld();

    private RegionHealth pulse(Region region) {
        world.plain(region, Profile.GLOBAL_DATASTORE);
        return health(region);
    }

    private RegionHealth health(Region region) {
        return Objects.requireNonNull(view(region).health());
    }

    private RegionView view(Region region) {
        return world.ledger.views(world.soon()).stream()
                .filter(view -> view.region().equals(region))
                .findFirst()
                .orElseThrow();
    }

    private static double lag(RegionHealth health) {
        return Objects.requireNonNull(health.replication().lagMs());
    }

    private static long age(RegionHealth health) {
        return Duration.between(Objects.requireNonNull(health.replication().heartbeat()), health.measured())
                .toMillis();
    }

    /** The fake's write is done before anybody looks: no lag shorter than its way back can be seen. */
    @ParameterizedTest
    @CsvSource({"0,0", "5,2", "20,20", "300,110", "2000,110", "10000,110"})
    void measuresWhatReplicationTakesAndNotTheWayThere(int lagMs, int wayMs) {
        world.cache(EAST).monitor().feeds(world.cache(WEST), Duration.ofMillis(lagMs));
        world.cache(EAST).monitor().travel(Duration.ofMillis(wayMs));

        RegionHealth health = pulse(WEST);

        assertThat(lag(health)).isCloseTo(lagMs, within(Math.max(2.0, lagMs * 0.02)));
        assertThat(world.metrics.values(Metric.REPLICATION_LAG)).containsExactly(lag(health));
        assertThat(world.metrics.values(Metric.HEARTBEAT_AGE)).hasSize(1);
    }

    @Test
    void aHeartbeatThatDoesNotArriveSaysHowLongItWasWaitedFor() {
        world.cache(EAST).monitor().feeds(world.cache(WEST), Duration.ofDays(1));

        PulseReport report = world.plain(WEST, Profile.GLOBAL_DATASTORE);

        assertThat(lag(health(WEST))).isCloseTo(15_000.0, within(500.0));
        assertThat(report.problems()).anySatisfy(problem -> assertThat(problem).contains("not visible here after"));
        assertThat(world.metrics.values(Metric.HEARTBEAT_AGE)).containsExactly(86_400_000.0);
        assertThat(HealthRule.holding(HealthRule.Seen.of(health(WEST), Duration.ZERO, false)))
                .contains(HealthRule.LAG, HealthRule.HEARTBEAT_OLD);
    }

    @Test
    void theHomeHasAHeartbeatAndNoLag() {
        RegionHealth health = pulse(EAST);

        assertThat(health.replication().lagMs()).isNull();
        assertThat(age(health)).isZero();
        assertThat(world.metrics.values(Metric.REPLICATION_LAG)).isEmpty();
        assertThat(world.metrics.values(Metric.HEARTBEAT_AGE)).containsExactly(0.0);
    }

    @Test
    void theHeartbeatAgesWhileNobodyAcceptsWritesOrTheOwnCacheIsSilent() {
        pulse(WEST);
        world.time.advance(INTERVAL);
        world.cache(EAST).down(true);

        assertThat(age(pulse(WEST))).isBetween(60_000L, 70_000L);

        world.time.advance(INTERVAL);
        world.cache(WEST).down(true);

        RegionHealth blind = pulse(WEST);
        assertThat(age(blind)).isBetween(120_000L, 140_000L);
        assertThat(blind.cache().up()).isFalse();
        assertThat(blind.home().up()).isFalse();
        assertThat(blind.writable()).isZero();
        assertThat(world.metrics.values(Metric.HEARTBEAT_AGE)).hasSize(3);
    }

    @Test
    void anothersHeartbeatIsAHeartbeat() {
        pulse(SOUTH);
        world.time.advance(LAG);
        // this region reads its own cache, but writes to nobody: the way to the home is cut
        world.cache(EAST).down(true);

        assertThat(age(pulse(WEST))).isLessThan(20_000);
    }

    @Test
    void itsViewIsLeftBesideTheFlagsOfAllRegions() {
        pulse(WEST);
        world.time.advance(LAG);

        for (Region region : List.of(EAST, WEST, SOUTH)) {
            Map<Region, String> posted = world.cache(region).monitor().posted(Set.of(WEST));
            assertThat(ViewFormat.read(Objects.requireNonNull(posted.get(WEST))))
                    .contains(view(WEST));
        }
    }

    @Test
    void aPulseThatSomebodyWaitsForKeepsWhatWasMeasured() {
        RegionHealth measured = pulse(WEST);
        world.time.advance(Duration.ofSeconds(5));

        world.pulse(WEST, Profile.GLOBAL_DATASTORE, false)
                .pulse(new PulseRequest.Wake(PulseRequest.ControlPlane.SECONDARY, Set.of(EAST, WEST)));

        assertThat(health(WEST)).isEqualTo(measured);
        assertThat(view(WEST).at()).isAfter(measured.measured());
        assertThat(world.metrics.values(Metric.HEARTBEAT_AGE)).hasSize(1);
    }

    @Test
    void ratesAreThoseSinceTheLastPulseAndStatesAreAsOldAsTheyAre() {
        world.put(1);
        RegionHealth first = pulse(EAST);
        world.time.advance(INTERVAL);
        CacheVitals calm = FakeCacheMonitor.CALM;
        world.cache(EAST)
                .monitor()
                .vitals(new CacheVitals(
                        calm.server(), 85, 100, 4, 12_000, calm.hits() + 3, calm.misses() + 1, new TreeMap<>()));

        RegionHealth second = pulse(EAST);

        assertThat(Objects.requireNonNull(second.use().evictionsPerSecond())).isCloseTo(200, within(1.0));
        assertThat(second.use().hitRatePercent()).isEqualTo(75);
        assertThat(second.use().memoryUsedPercent()).isEqualTo(85);
        assertThat(world.metrics.values(Metric.CACHE_MEMORY_USED)).containsExactly(10.0, 85.0);
        assertThat(world.metrics.values(Metric.CACHE_CONNECTIONS)).containsExactly(3.0, 4.0);
        assertThat(world.metrics.values(Metric.EVICTIONS)).hasSize(1);
        assertThat(second.cache()).isEqualTo(first.cache());
        assertThat(second.checked()).isNotNull();
        assertThat(HealthRule.holding(HealthRule.Seen.of(second, Duration.ZERO, false)))
                .containsExactly(HealthRule.EVICTIONS, HealthRule.MEMORY);
    }

    @Test
    void aStatusQuestionMeasuresNothing() {
        world.pulse(WEST, Profile.GLOBAL_DATASTORE, false).pulse(new PulseRequest.Status());

        assertThat(world.cache(EAST).monitor().beats(Set.of(WEST))).isEmpty();
        assertThat(world.metrics.values(Metric.HEARTBEAT_AGE)).isEmpty();
    }
}
