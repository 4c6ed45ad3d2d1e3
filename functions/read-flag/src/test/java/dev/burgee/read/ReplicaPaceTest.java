package dev.burgee.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplicaPaceTest {
    private static final Region HOME = new Region("us-east-1");
    private static final Position AWAITED = new Position(7);

    private final FakeTime time = new FakeTime();
    private final ReplicaPace pace = new ReplicaPace(time);

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    private void isBehindFor(long millis) {
        long since = time.nanos();
        time.advance(ms(millis));
        pace.isBehind(AWAITED, since);
    }

    @Test
    void waitsALittleWhenNothingIsKnown() {
        assertThat(pace.patience(HOME)).isEqualTo(ReplicaPace.FIRST_WAIT);
    }

    @Test
    void waitsNoLongerThanTheHomeTakes() {
        pace.homeTook(HOME, ms(8));
        assertThat(pace.patience(HOME)).isEqualTo(ms(8));

        pace.homeTook(new Region("sa-east-1"), ms(300));
        assertThat(pace.patience(new Region("sa-east-1"))).isEqualTo(ReplicaPace.WAIT_MAX);
        assertThat(pace.patience(HOME))
                .as("of the home before nothing is known any more")
                .isEqualTo(ReplicaPace.FIRST_WAIT);
    }

    @Test
    void takesTheHomesShortestAnswerForTheWayThere() {
        pace.homeTook(HOME, ms(90)); // connecting
        pace.homeTook(HOME, ms(30));
        pace.homeTook(HOME, ms(46)); // a list

        assertThat(pace.patience(HOME)).isEqualTo(ms(32));
    }

    @Test
    void doesNotWaitForAReplicaThatTakesLongerThanTheHome() {
        pace.homeTook(HOME, ms(40));
        isBehindFor(39);
        assertThat(pace.patience(HOME)).isEqualTo(ms(40));
        isBehindFor(40);
        assertThat(pace.patience(HOME)).isEqualTo(Duration.ZERO);
    }

    @Test
    void waitsAgainOnceTheReplicaWasSeenToBeSoonEnough() {
        pace.homeTook(HOME, ms(40));
        isBehindFor(60);
        time.advance(ms(5));
        pace.saw(new Position(6));
        assertThat(pace.patience(HOME)).isEqualTo(Duration.ZERO);

        pace.isBehind(AWAITED, time.nanos());
        time.advance(ms(3));
        pace.saw(AWAITED);

        assertThat(pace.patience(HOME)).isEqualTo(ms(40));
    }

    @Test
    void learnsFromLaterLooksThatItIsStillBehind() {
        pace.homeTook(HOME, ms(40));
        pace.isBehind(AWAITED, time.nanos());
        assertThat(pace.patience(HOME)).isEqualTo(ms(40));

        time.advance(ms(41));
        pace.saw(new Position(6));

        assertThat(pace.patience(HOME)).isEqualTo(Duration.ZERO);
    }

    @Test
    void learnsNothingFromALookThatComesLate() {
        pace.homeTook(HOME, ms(40));
        pace.waited(ms(4));
        pace.isBehind(AWAITED, time.nanos());
        time.advance(ms(5_000));

        pace.saw(AWAITED);

        assertThat(pace.patience(HOME)).isEqualTo(ms(40));
    }

    @Test
    void waitsThatLastChangeWhatIsExpectedByHalf() {
        pace.homeTook(HOME, ms(40));
        pace.waited(ms(10));
        pace.waited(ms(50));
        assertThat(pace.patience(HOME)).isEqualTo(ms(40));
        pace.waited(ms(50));
        assertThat(pace.patience(HOME)).isEqualTo(Duration.ZERO);
    }

    @Test
    void forgetsAfterAMinute() {
        pace.homeTook(HOME, ms(40));
        isBehindFor(50);
        time.advance(ReplicaPace.FORGOTTEN.minusMillis(1));
        assertThat(pace.patience(HOME)).isEqualTo(Duration.ZERO);

        time.advance(ms(1));

        assertThat(pace.patience(HOME)).isEqualTo(ms(40));
    }

    @Test
    void aPositionThatNothingEverShowsCountsForAMinuteOnly() {
        pace.homeTook(HOME, ms(40));
        pace.isBehind(new Position(Long.MAX_VALUE), time.nanos());
        time.advance(ReplicaPace.FORGOTTEN.plusMillis(1));
        pace.saw(AWAITED);
        time.advance(ms(500));
        pace.saw(AWAITED);

        assertThat(pace.patience(HOME)).isEqualTo(ms(40));
    }
}
