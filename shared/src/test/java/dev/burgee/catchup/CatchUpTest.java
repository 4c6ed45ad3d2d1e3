package dev.burgee.catchup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.cache.CacheReadOnlyException;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FakeFlagCache;
import dev.burgee.ledger.Entries;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.FakeLedger;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Position;
import dev.burgee.log.RecordingLog;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CatchUpTest {
    private static final Region HOME = new Region("us-east-1");

    private final FakeTime time = new FakeTime();
    private final FakeLedger ledger = new FakeLedger();
    private final FakeFlagCache cache = new FakeFlagCache(HOME, time);
    private final CatchUp catchUp = new CatchUp(ledger, new RecordingLog(), time);

    private Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10), time);
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            long number = ledger.log().size() + 1L;
            ledger.append(Entries.put(number, "flag-" + number % 50), soon());
        }
    }

    @Test
    void aCacheWithoutAPositionIsLoadedAndConfirmed() {
        append(3);

        assertThat(catchUp.toTheEnd(cache, HOME, soon())).isEqualTo(new CaughtUp.AtTheEnd(new Position(3), 0, true));

        assertThat(cache.head().position()).isEqualTo(new Position(3));
        assertThat(cache.head().checked()).isEqualTo(time.now());
        assertThat(cache.head().home()).isEqualTo(HOME);
    }

    @Test
    void aCacheThatIsBehindGetsTheEntriesInPagesAndIsNotLoaded() {
        append(1);
        catchUp.toTheEnd(cache, HOME, soon());
        append(CatchUp.BEHIND_MAX);
        time.advance(Duration.ofSeconds(30));

        assertThat(catchUp.toTheEnd(cache, HOME, soon()))
                .isEqualTo(new CaughtUp.AtTheEnd(new Position(CatchUp.BEHIND_MAX + 1), CatchUp.BEHIND_MAX, false));

        assertThat(cache.head().checked()).isEqualTo(time.now());
        assertThat(cache.newsSince(new Position(2)).contiguous())
                .as("the list of recent entries goes back")
                .isTrue();
    }

    @Test
    void aCacheThatIsHopelesslyBehindIsLoaded() {
        append(1);
        catchUp.toTheEnd(cache, HOME, soon());
        append(CatchUp.BEHIND_MAX + 1);

        assertThat(catchUp.toTheEnd(cache, HOME, soon()))
                .isEqualTo(new CaughtUp.AtTheEnd(new Position(CatchUp.BEHIND_MAX + 2), 0, true));
    }

    @Test
    void aCacheAtTheEndIsOnlyConfirmed() {
        append(2);
        catchUp.toTheEnd(cache, HOME, soon());
        time.advance(Duration.ofMinutes(1));

        assertThat(catchUp.toTheEnd(cache, HOME, soon())).isEqualTo(new CaughtUp.AtTheEnd(new Position(2), 0, false));

        assertThat(cache.head().checked()).isEqualTo(time.now());
    }

    @Test
    void theConfirmationIsDatedBeforeTheEndWasRead() {
        append(2);
        catchUp.toTheEnd(cache, HOME, soon());
        Instant start = time.now();
        // each look at the clock is a second later than the one before
        Time ticking = new Time() {
            @Override
            public Instant now() {
                time.advance(Duration.ofSeconds(1));
                return time.now();
            }

            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void sleep(Duration duration) {
                time.sleep(duration);
            }
        };

        new CatchUp(ledger, new RecordingLog(), ticking).toTheEnd(cache, HOME, soon());

        assertThat(cache.contents().checked()).isEqualTo(start.plusSeconds(1));
    }

    @Test
    void aCacheBeyondTheEndIsReportedAndNeverConfirmed() {
        append(2);
        catchUp.toTheEnd(cache, HOME, soon());
        Instant confirmed = time.now();
        List<Entry> lost = List.of(Entries.put(3, "a"));
        cache.apply(lost, null);
        time.advance(Duration.ofMinutes(1));

        assertThat(catchUp.toTheEnd(cache, HOME, soon()))
                .isEqualTo(new CaughtUp.Beyond(new Position(3), new Position(2)));

        assertThat(cache.head().checked()).isEqualTo(confirmed);
        assertThat(cache.head().position()).isEqualTo(new Position(3));
    }

    @Test
    void whatFailsIsThrown() {
        append(2);
        cache.readOnly(true);
        assertThatThrownBy(() -> catchUp.toTheEnd(cache, HOME, soon())).isInstanceOf(CacheReadOnlyException.class);

        cache.readOnly(false);
        ledger.down(true);
        assertThatThrownBy(() -> catchUp.toTheEnd(cache, HOME, soon())).isInstanceOf(LedgerUnavailableException.class);
    }

    @Test
    void givesUpAtItsDeadlineAndKeepsWhatWasDone() {
        append(1);
        catchUp.toTheEnd(cache, HOME, soon());
        append(900);
        cache.delay(Duration.ofSeconds(4));

        assertThatThrownBy(() -> catchUp.toTheEnd(cache, HOME, soon()))
                .isInstanceOf(CacheUnavailableException.class)
                .hasMessageContaining("200 entries were applied");
        assertThat(cache.contents().position()).isEqualTo(new Position(201));
    }
}
