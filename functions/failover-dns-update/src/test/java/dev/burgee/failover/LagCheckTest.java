package dev.burgee.failover;

import static dev.burgee.failover.FakeRegions.HOME;
import static dev.burgee.failover.FakeRegions.NEXT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LagCheckTest {
    private final FakeRegions regions = new FakeRegions();

    private void measured(long lagMs, Duration ago) {
        regions.lag =
                new PulseReport.Lag(Duration.ofMillis(lagMs), regions.time.now().minus(ago));
    }

    @ParameterizedTest
    @CsvSource({
        "100, 1000, false",
        "100, 2100, false",
        "100, 2101, true",
        "2101, 100, true",
        "9000, 5000, false",
        "9000, 4000, true",
        "60000, 31000, false",
        "0, 0, false"
    })
    void twoFiguresDisagreeWhenBothCannotBeRight(long measuredMs, long toldMs, boolean disagree) {
        assertThat(LagCheck.disagree(Duration.ofMillis(measuredMs), Duration.ofMillis(toldMs)))
                .isEqualTo(disagree);
    }

    @Test
    void theScheduleWarnsOfASecondaryWhoseFiguresDisagree() {
        measured(80, Duration.ofSeconds(50));
        regions.told = Optional.of(Duration.ofSeconds(9));

        regions.run(NEXT, Trigger.SCHEDULE);

        assertThat(regions.log.lines("lag_disagrees").getFirst().fields())
                .extracting("measured_ms", "datastore_ms")
                .containsExactly(80L, 9_000L);
    }

    @Test
    void saysNothingWhileTheyAgreeOrNobodyHasAFigure() {
        measured(80, Duration.ofSeconds(50));
        regions.run(NEXT, Trigger.SCHEDULE);
        regions.told = Optional.of(Duration.ofSeconds(1));
        regions.run(NEXT, Trigger.SCHEDULE);

        assertThat(regions.calls).filteredOn("cloud-lag"::equals).hasSize(2);
        assertThat(regions.log.lines()).isEmpty();
    }

    @Test
    void asksNothingAtHomeForAnEventOrForAnOldMeasurement() {
        measured(80, Duration.ofMinutes(6));
        regions.run(NEXT, Trigger.SCHEDULE);
        measured(80, Duration.ZERO);
        regions.run(HOME, Trigger.SCHEDULE);
        regions.run(NEXT, Trigger.EVENT);

        assertThat(regions.calls).doesNotContain("cloud-lag");
    }

    @Test
    void aSilentCloudWatchFailsNothing() {
        measured(80, Duration.ZERO);
        regions.cloudIsSilent = true;

        assertThat(regions.run(NEXT, Trigger.SCHEDULE)).isNotNull();

        assertThat(regions.log.lines("lag_not_compared")).hasSize(1);
    }
}
