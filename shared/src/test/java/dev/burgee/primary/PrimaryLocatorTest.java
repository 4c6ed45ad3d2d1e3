package dev.burgee.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.cache.Eventually;
import dev.burgee.cache.FakeFlagCache;
import dev.burgee.cache.FlagCache;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class PrimaryLocatorTest {
    private static final Region US = new Region("us-east-1");
    private static final Region EU = new Region("eu-west-1");
    private static final Region AP = new Region("ap-southeast-1");
    private static final Region TOKYO = new Region("ap-northeast-1");

    private final FakeTime time = new FakeTime();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RecordingLog log = new RecordingLog();
    private final Map<Region, FakeFlagCache> caches = new LinkedHashMap<>();
    /** Set while the caches are to hang. */
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private final AtomicInteger questions = new AtomicInteger();
    private final PrimaryLocator locator;

    PrimaryLocatorTest() {
        List.of(US, EU, AP).forEach(region -> caches.put(region, new FakeFlagCache(region, time)));
        writable(US);
        locator = locator(Belief.NONE, US);
    }

    private PrimaryLocator locator(Belief earlier, Region primary) {
        return new PrimaryLocator(
                caches.keySet(),
                this::ask,
                primary,
                earlier,
                new PrimaryLocator.Parts(Limits.DEFAULTS, metrics, log, time));
    }

    /** One that hears nothing from us-east-1 before the latch opens. */
    private PrimaryLocator whileUsHangs(CountDownLatch hung, Limits limits) {
        return new PrimaryLocator(
                caches.keySet(),
                region -> {
                    try {
                        (region.equals(US) ? hung : gate).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return cache(region);
                },
                US,
                Belief.NONE,
                new PrimaryLocator.Parts(limits, metrics, log, time));
    }

    private FlagCache ask(Region region) {
        questions.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return cache(region);
    }

    private FakeFlagCache cache(Region region) {
        FakeFlagCache cache = caches.get(region);
        if (cache == null) {
            throw new IllegalArgumentException("no cache in " + region);
        }
        return cache;
    }

    private void writable(Region... regions) {
        caches.forEach((region, cache) -> cache.readOnly(!List.of(regions).contains(region)));
    }

    private boolean locate() {
        return locator.locate(Deadline.after(Duration.ofSeconds(5), time));
    }

    private int rounds() {
        return questions.get() / caches.size();
    }

    private void awaitRounds(int count) {
        Eventually.holds(count + " rounds", () -> rounds() == count);
    }

    /** Lets a round that was just begun end, and the pause after it pass. */
    private void settle() {
        locate();
        time.advance(PrimaryLocator.PAUSE);
    }

    // ---- belief

    @Test
    void believesTheTopologyThenTheHintThenTheAnswers() {
        assertThat(locator.home()).isEqualTo(US);

        locator.hint(EU);
        assertThat(locator.home()).isEqualTo(EU);
        assertThat(rounds()).as("a hint that is believed is not checked").isZero();

        writable(AP);
        assertThat(locate()).isTrue();
        assertThat(locator.home()).isEqualTo(AP);
        assertThat(log.lines("home_moved")).hasSize(1);
    }

    @Test
    void aHintAgainstTheAnswersMovesNothingButIsCheckedOnce() {
        settle();

        locator.hint(EU);
        assertThat(locator.home()).isEqualTo(US);
        awaitRounds(2);
        settle();
        int rounds = rounds();
        IntStream.range(0, 100).forEach(_ -> locator.hint(EU));

        assertThat(locator.home()).isEqualTo(US);
        assertThat(rounds()).isEqualTo(rounds);
    }

    @Test
    void aTrueHintMovesTheHomeWithoutAFailedTry() {
        settle();
        writable(EU);

        locator.hint(EU);

        Eventually.holds("the home is the hinted one", () -> locator.home().equals(EU));
    }

    @Test
    void aHintThatComesTooEarlyForARoundIsCheckedLater() {
        locate();
        writable(EU);
        locator.hint(EU);
        assertThat(rounds()).isEqualTo(1);

        time.advance(PrimaryLocator.PAUSE);
        locator.hint(EU);

        Eventually.holds("the home is the hinted one", () -> locator.home().equals(EU));
    }

    @Test
    void ignoresAHintOfARegionWithoutACache() {
        locator.hint(TOKYO);

        assertThat(locator.home()).isEqualTo(US);
    }

    @Test
    void keepsItsBeliefUnderANewTopologyWhereThatRegionStillIs() {
        writable(EU);
        locate();

        assertThat(locator(locator.belief(), US).home()).isEqualTo(EU);
        caches.remove(EU);
        assertThat(locator(locator.belief(), US).home()).isEqualTo(US);
    }

    // ---- answers

    @ParameterizedTest(name = "{0} {1} {2} -> {3}")
    @CsvSource({
        // us, eu, ap: w writable, r replica, d down, x empty and writable; with the position
        "w5,  r5,  r4,  us-east-1",
        "r5,  w5,  r4,  eu-west-1",
        "d,   r5,  w4,  ap-southeast-1",
        "d,   r5,  r4,  none",
        "d,   d,   d,   none",
        "w4,  w5,  r4,  eu-west-1 us-east-1",
        "w5,  w5,  r4,  us-east-1 eu-west-1",
        "w5,  w6,  w7,  ap-southeast-1 eu-west-1 us-east-1",
        "x,   w1,  r1,  eu-west-1 us-east-1",
        "x,   r5,  r5,  us-east-1",
    })
    void believesTheWritableCacheThatIsFurthestOn(String us, String eu, String ap, String expected) {
        stand(US, us);
        stand(EU, eu);
        stand(AP, ap);

        boolean found = locate();

        assertThat(found).isEqualTo(!expected.equals("none"));
        assertThat(locator.writable().stream().map(Region::code).toList())
                .isEqualTo(List.of((found ? expected : "us-east-1").split(" ")));
        assertThat(metrics.sum(Metric.SPLIT_BRAIN_SUSPECTED)).isEqualTo(expected.contains(" ") ? 1 : 0);
        assertThat(log.lines("split_brain_suspected")).hasSize(expected.contains(" ") ? 1 : 0);
        assertThat(log.lines("no_writable_cache")).hasSize(found ? 0 : 1);
    }

    private void stand(Region region, String how) {
        FakeFlagCache cache = cache(region);
        cache.down(how.startsWith("d"));
        cache.readOnly(false);
        if (how.length() > 1) {
            Position position = new Position(Long.parseLong(how.substring(1)));
            cache.load(new LedgerState(new TreeMap<>(), position, null), time.now(), null);
        }
        cache.readOnly(how.startsWith("r"));
    }

    @Test
    void theHomeDoesNotWanderBetweenEqualCaches() {
        writable(EU);
        locate();
        time.advance(PrimaryLocator.PAUSE);
        writable(US, EU, AP);
        locate();

        assertThat(locator.writable()).containsExactly(EU, US, AP);
    }

    @Test
    void keepsItsBeliefWhileNobodyTakesWritesAndSaysSoOnce() {
        writable(EU);
        settle();
        writable();

        assertThat(locate()).isFalse();
        time.advance(PrimaryLocator.PAUSE);
        assertThat(locate()).isFalse();

        assertThat(locator.home()).isEqualTo(EU);
        assertThat(log.lines("no_writable_cache")).hasSize(1);
    }

    @Test
    void aCacheThatHangsHoldsUpARoundForItsLimitOnly() {
        CountDownLatch hung = new CountDownLatch(1);
        Limits d = Limits.DEFAULTS;
        Duration short50 = Duration.ofMillis(50);
        Limits limits = new Limits(
                d.localConnect(),
                d.localRead(),
                short50,
                short50,
                d.crossWrite(),
                d.ledgerCall(),
                d.awsCall(),
                d.wholeRead(),
                d.wholeWrite(),
                d.freshnessWindow(),
                d.checkedAgeMax(),
                d.secretRefresh());
        PrimaryLocator impatient = whileUsHangs(hung, limits);
        writable(EU);

        assertThat(impatient.locate(Deadline.after(Duration.ofSeconds(20), time)))
                .isTrue();
        assertThat(impatient.writable()).containsExactly(EU);
        hung.countDown();
    }

    @Test
    void aCacheThatHangsHoldsUpNobodyOnceAnotherTakesWrites() {
        CountDownLatch hung = new CountDownLatch(1);
        PrimaryLocator waiting = whileUsHangs(hung, Limits.DEFAULTS);
        writable(US, EU);

        assertThat(waiting.locate(Deadline.after(Duration.ofSeconds(20), time))).isTrue();
        assertThat(waiting.writable()).as("while the other one hangs").containsExactly(EU);
        assertThat(metrics.sum(Metric.SPLIT_BRAIN_SUSPECTED)).isZero();

        hung.countDown();
        Eventually.holds("both are found", () -> waiting.writable().size() == 2);
        Eventually.holds("it is told", () -> metrics.sum(Metric.SPLIT_BRAIN_SUSPECTED) == 1);
    }

    // ---- how often

    @Test
    void callersAtTheSameMomentShareOneRound() throws Exception {
        gate = new CountDownLatch(1);
        List<FutureTask<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            FutureTask<Boolean> caller = new FutureTask<>(this::locate);
            callers.add(caller);
            Thread thread = Thread.ofPlatform().daemon().start(caller);
            // one who came after the round would, rightly, start another
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        IntStream.range(0, 100).forEach(_ -> locator.suspect());
        awaitRounds(1);
        gate.countDown();

        for (FutureTask<Boolean> caller : callers) {
            assertThat(caller.get()).isTrue();
        }
        assertThat(rounds()).isEqualTo(1);
    }

    @Test
    void afterARoundThatFoundNobodyItsAnswerHoldsForAMoment() {
        writable();
        assertThat(locate()).isFalse();
        writable(EU);

        IntStream.range(0, 100).forEach(_ -> assertThat(locate()).isFalse());
        assertThat(rounds()).isEqualTo(1);

        time.advance(PrimaryLocator.PAUSE);
        assertThat(locate()).isTrue();
        assertThat(locator.home()).isEqualTo(EU);
        assertThat(rounds()).isEqualTo(2);
    }

    @Test
    void aCallerWhomTheFoundCacheFailedWaitsForTheNextRound() {
        locate();
        writable(EU);
        long before = time.nanos();

        assertThat(locate()).isTrue();

        assertThat(locator.home()).isEqualTo(EU);
        assertThat(Duration.ofNanos(time.nanos() - before)).isEqualTo(PrimaryLocator.PAUSE);
    }

    @Test
    void aCallerWithoutTimeForThePauseDoesNotWait() {
        locate();
        long before = time.nanos();

        assertThat(locator.locate(Deadline.after(Duration.ofMillis(100), time))).isFalse();
        assertThat(time.nanos()).isEqualTo(before);
    }

    @Test
    void aRoundThatWasFrozenIsNotWaitedFor() {
        CountDownLatch frozen = new CountDownLatch(1);
        gate = frozen;
        locator.suspect();
        awaitRounds(1);
        gate = new CountDownLatch(0);
        time.advance(Duration.ofMinutes(3));
        writable(EU);

        assertThat(locate()).isTrue();

        assertThat(locator.home()).isEqualTo(EU);
        frozen.countDown();
    }

    @Test
    void aWriterChecksAnOldBeliefBesideItsWrite() {
        assertThat(locator.writable()).as("never asked").containsExactly(US);
        awaitRounds(1);
        settle();
        int rounds = rounds();

        assertThat(locator.writable()).containsExactly(US);
        assertThat(rounds()).as("asked a moment ago").isEqualTo(rounds);

        writable(US, EU);
        time.advance(PrimaryLocator.RECHECK);
        assertThat(locator.writable()).as("does not wait").containsExactly(US);
        Eventually.holds("both are known", () -> locator.writable().size() == 2);
    }

    @Test
    void aWriterChecksASplitBrainOftener() {
        writable(US, EU);
        settle();
        writable(EU);
        time.advance(PrimaryLocator.SPLIT_RECHECK);

        locator.writable();

        Eventually.holds("it has ended", () -> locator.belief().found().equals(List.of(EU)));
    }
}
