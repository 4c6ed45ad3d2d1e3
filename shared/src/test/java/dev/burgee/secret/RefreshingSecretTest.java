package dev.burgee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RefreshingSecretTest {
    private static final Duration AGE_MAX = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeSecretSource source = new FakeSecretSource();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RecordingLog log = new RecordingLog();
    private final FakeTime time = new FakeTime();
    private final List<String> parsed = new CopyOnWriteArrayList<>();
    private final RefreshingSecret<Integer> secret = secret(LONG);

    @Test
    void nothingIsFetchedBeforeTheFirstUse() {
        assertThat(source.fetches()).isZero();
        assertThat(secret.generation()).isZero();
    }

    @Test
    void fetchesOnFirstUseAndThenServesItsCopy() {
        source.put("id", "1");

        assertThat(secret.get()).isEqualTo(1);
        assertThat(secret.get()).isEqualTo(1);
        assertThat(source.fetches()).isEqualTo(1);
        assertThat(secret.generation()).isEqualTo(1);
    }

    @Test
    void servesTheOldCopyAtOnceWhileANewOneIsFetched() {
        source.put("id", "1");
        secret.get();
        source.put("id", "2");
        CountDownLatch gate = source.hang();
        time.advance(AGE_MAX.plusMillis(1));

        assertThat(secret.get()).isEqualTo(1);
        await(() -> source.fetches() == 2);
        assertThat(secret.get()).isEqualTo(1);
        gate.countDown();

        await(() -> secret.get() == 2);
        assertThat(secret.generation()).isEqualTo(2);
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void aCopyThatIsYoungEnoughIsNotFetchedAgain() {
        source.put("id", "1");
        secret.get();
        time.advance(AGE_MAX.minusMillis(1));
        secret.get();

        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void theSameTextAgainIsNoNewGeneration() {
        source.put("id", "1");
        secret.get();
        time.advance(AGE_MAX);
        secret.get();
        await(() -> source.fetches() == 2 && landed());
        time.advance(AGE_MAX);
        await(() -> secret.get() == 1 && source.fetches() == 3);

        assertThat(secret.generation()).isEqualTo(1);
    }

    @Test
    void aSourceOutOfReachLeavesTheLastGoodCopyAndIsCounted() {
        source.put("id", "1");
        secret.get();
        source.setDown(true);
        time.advance(AGE_MAX);

        assertThat(secret.get()).isEqualTo(1);
        await(() -> !log.lines("secret_stale").isEmpty());
        assertThat(secret.get()).isEqualTo(1);
        assertThat(metrics.sum(Metric.SECRET_STALE)).isEqualTo(1);
        assertThat(log.lines("secret_stale").getFirst().fields().get("problem")).isEqualTo("secret id is out of reach");
    }

    @Test
    void aStaleCopyIsTriedAgainAfterAPauseOnly() {
        source.put("id", "1");
        secret.get();
        source.setDown(true);
        time.advance(AGE_MAX);
        secret.get();
        await(() -> log.lines("secret_stale").size() == 1 && landed());

        secret.get();
        assertThat(source.fetches()).isEqualTo(2);
        time.advance(RefreshingSecret.NEXT_PAUSE);
        secret.get();
        await(() -> source.fetches() == 3);
    }

    @Test
    void contentThatCannotBeUsedLeavesTheLastGoodCopyAndIsNeverLogged() {
        source.put("id", "1");
        secret.get();
        source.put("id", "password-in-clear");
        time.advance(AGE_MAX);
        secret.get();
        await(() -> !log.lines("secret_stale").isEmpty());

        assertThat(secret.get()).isEqualTo(1);
        assertThat(secret.generation()).isEqualTo(1);
        assertThat(log.lines().toString()).doesNotContain("password-in-clear").contains("number: not a number");
    }

    @Test
    void anUnexpectedFailureIsLoggedByItsClassAlone() {
        RefreshingSecret<Integer> strange = new RefreshingSecret<>(
                new RefreshingSecret.Parts<>("keys", "id", source, Integer::parseInt, AGE_MAX, LONG),
                metrics,
                log,
                time);
        source.put("id", "password-in-clear");

        assertThatThrownBy(strange::get).isInstanceOf(UnavailableException.class);
        assertThat(log.lines("secret_unavailable").getFirst().fields().get("problem"))
                .isEqualTo("java.lang.NumberFormatException");
    }

    @Test
    void withoutAnyCopyItIsUnavailableAndTheSourceIsNotHammered() {
        assertThatThrownBy(secret::get)
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        e -> assertThat(e.retryAfterSeconds()).isEqualTo(1))
                .hasMessage("the keys could not be fetched yet");
        assertThatThrownBy(secret::get).isInstanceOf(UnavailableException.class);
        assertThat(source.fetches()).isEqualTo(1);
        assertThat(metrics.sum(Metric.SECRET_STALE)).isZero();

        source.put("id", "1");
        time.advance(RefreshingSecret.FIRST_PAUSE);
        assertThat(secret.get()).isEqualTo(1);
    }

    @Test
    void theFirstUserWaitsNoLongerThanTheLimit() {
        RefreshingSecret<Integer> impatient = secret(Duration.ofMillis(20));
        CountDownLatch gate = source.hang();
        try {
            assertThatThrownBy(impatient::get).isInstanceOf(UnavailableException.class);
        } finally {
            gate.countDown();
        }
    }

    @Test
    void manyFirstUsersShareOneFetch() throws Exception {
        source.put("id", "1");
        CountDownLatch gate = source.hang();
        try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(users.submit(secret::get));
            }
            await(() -> source.fetches() == 1);
            gate.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(1);
            }
        }
        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void aRejectedPasswordFetchesAtOnceAndSaysWhetherItChanged() {
        source.put("id", "1");
        secret.get();
        source.put("id", "2");

        assertThat(secret.refreshNow(1, deadline())).isTrue();
        assertThat(secret.get()).isEqualTo(2);
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void whoeverUsedAnOlderValueIsToldWithoutAFetch() {
        source.put("id", "1");
        secret.get();
        source.put("id", "2");
        secret.refreshNow(1, deadline());

        assertThat(secret.refreshNow(1, deadline())).isTrue();
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void rejectedPasswordsFetchOncePerPause() {
        source.put("id", "1");
        secret.get();

        assertThat(secret.refreshNow(1, deadline())).isFalse();
        assertThat(secret.refreshNow(1, deadline())).isFalse();
        assertThat(source.fetches()).isEqualTo(2);
        time.advance(RefreshingSecret.NEXT_PAUSE);
        assertThat(secret.refreshNow(1, deadline())).isFalse();
        assertThat(source.fetches()).isEqualTo(3);
    }

    @Test
    void aRejectedPasswordWaitsNoLongerThanTheDeadline() {
        source.put("id", "1");
        secret.get();
        CountDownLatch gate = source.hang();
        try {
            assertThat(secret.refreshNow(1, Deadline.after(Duration.ofMillis(20), time)))
                    .isFalse();
            assertThat(secret.get()).isEqualTo(1);
        } finally {
            gate.countDown();
        }
    }

    @Test
    void afterARestoreTheNextUseWaitsForAFreshCopy() {
        source.put("id", "1");
        secret.get();
        source.put("id", "2");
        secret.invalidate();

        assertThat(secret.get()).isEqualTo(2);
    }

    @Test
    void afterARestoreTheOldCopyServesIfTheSourceIsOutOfReach() {
        source.put("id", "1");
        secret.get();
        source.setDown(true);
        secret.invalidate();

        assertThat(secret.get()).isEqualTo(1);
        assertThat(metrics.sum(Metric.SECRET_STALE)).isEqualTo(1);
        source.setDown(false);
        source.put("id", "2");
        time.advance(RefreshingSecret.NEXT_PAUSE);
        await(() -> secret.get() == 2);
    }

    @Test
    void aFetchFromBeforeARestoreBlocksNobodyAndChangesNothing() {
        source.put("id", "1");
        secret.get();
        CountDownLatch frozen = source.hang();
        time.advance(AGE_MAX);
        secret.get();
        await(() -> source.fetches() == 2);
        source.unhang();
        source.put("id", "2");
        secret.invalidate();

        assertThat(secret.get()).isEqualTo(2);
        source.put("id", "3");
        frozen.countDown();
        await(() -> parsed.contains("3"));
        assertThat(secret.get()).isEqualTo(2);
        assertThat(secret.generation()).isEqualTo(2);
    }

    private RefreshingSecret<Integer> secret(Duration fetchMax) {
        return new RefreshingSecret<>(
                new RefreshingSecret.Parts<>("keys", "id", source, this::number, AGE_MAX, fetchMax),
                metrics,
                log,
                time);
    }

    private int number(String text) {
        parsed.add(text);
        if (!text.matches("[0-9]+")) {
            throw new MisconfiguredException("number", List.of("not a number"));
        }
        return Integer.parseInt(text);
    }

    private Deadline deadline() {
        return Deadline.after(LONG, time);
    }

    /** Whether the fetch that just failed has been put away: only then is the next one counted from it. */
    private boolean landed() {
        return !secret.isFetching();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 10 s").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
