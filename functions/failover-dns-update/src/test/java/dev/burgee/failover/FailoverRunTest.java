package dev.burgee.failover;

import static dev.burgee.failover.FakeRegions.HOME;
import static dev.burgee.failover.FakeRegions.NEXT;
import static dev.burgee.failover.FakeRegions.THIRD;
import static dev.burgee.failover.FakeRegions.cache;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failover.PulseReport.Wanted;
import dev.burgee.hint.Hint;
import dev.burgee.hint.HomeHint;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FailoverRunTest {
    private static final RecordView AT_HOME = new RecordView.Names(cache(HOME), 10);
    private static final RecordView AT_NEXT = new RecordView.Names(cache(NEXT), 10);
    private static final Duration FUNCTION = Duration.ofMinutes(2);

    private final FakeRegions regions = new FakeRegions();

    @Test
    void wakesThePulseFirstThenHintsThenWritesThenWaits() {
        regions.promote(NEXT);
        regions.syncAfter = 2;

        FailoverPlan plan = regions.run(NEXT, Trigger.EVENT);

        assertThat(plan).isEqualTo(new FailoverPlan.Switch(cache(NEXT)));
        assertThat(regions.calls)
                .containsExactly(
                        "control-plane",
                        "pulse primary",
                        "record-read",
                        "record-write " + cache(NEXT),
                        "in-sync",
                        "in-sync",
                        "in-sync");
        assertThat(regions.record).isEqualTo(AT_NEXT);
        assertThat(regions.hint.read())
                .isEqualTo(new HomeHint.Reading.Found(new Hint(NEXT, 1, Instant.parse("2026-11-21T05:00:00Z"))));
        assertThat(regions.log.lines("record_switched").getFirst().fields())
                .extracting("promoted_region", "epoch", "target", "before")
                .containsExactly(NEXT.code(), 1L, cache(NEXT), cache(HOME) + " (TTL 10)");
        assertThat(outcomes(regions.metrics)).containsExactly("switch");
    }

    @Test
    void theScheduleFindsAPromotionThatNobodyAnnounced() {
        regions.promote(NEXT);

        assertThat(regions.run(NEXT, Trigger.SCHEDULE)).isInstanceOf(FailoverPlan.Switch.class);
        assertThat(regions.record).isEqualTo(AT_NEXT);
    }

    @Test
    void theUsualMinuteWritesNoLineAndAsksRoute53OnlyAtHome() {
        regions.run(HOME, Trigger.SCHEDULE);
        assertThat(regions.calls).containsExactly("control-plane", "pulse primary", "record-read");
        regions.calls.clear();

        regions.run(NEXT, Trigger.SCHEDULE);
        assertThat(regions.calls).containsExactly("control-plane", "pulse secondary");
        assertThat(regions.log.lines()).isEmpty();
        assertThat(outcomes(regions.metrics)).containsExactly("already-there", "home-elsewhere");
        assertThat(regions.hint.written()).isZero();
    }

    @Test
    void runTwiceItChangesNothingTheSecondTime() {
        regions.promote(NEXT);
        regions.run(NEXT, Trigger.EVENT);
        regions.calls.clear();

        assertThat(regions.run(NEXT, Trigger.EVENT)).isInstanceOf(FailoverPlan.AlreadyThere.class);
        assertThat(regions.calls).containsExactly("control-plane", "pulse primary", "record-read");
        assertThat(regions.promotions).hasSize(1);
        assertThat(regions.hint.written()).isOne();
    }

    @TestFactory
    Stream<DynamicTest> aStepThatFailsKeepsNoOtherFromBeingTried() {
        return Stream.of(
                        List.of(Step.CONTROL_PLANE, Trigger.SCHEDULE, "home-elsewhere", false),
                        List.of(Step.HINT, Trigger.EVENT, "switch", true),
                        List.of(Step.RECORD_READ, Trigger.EVENT, "switch", true),
                        List.of(Step.RECORD_WRITE, Trigger.EVENT, "switch", false),
                        List.of(Step.RECORD_IN_SYNC, Trigger.EVENT, "switch", true))
                .map(row -> DynamicTest.dynamicTest(row.getFirst().toString(), () -> {
                    Step step = (Step) row.getFirst();
                    FakeRegions world = new FakeRegions();
                    world.promote(NEXT);
                    world.fail(step);
                    if (step == Step.HINT) {
                        world.hint.fail(HomeHint.Why.DENIED);
                    }

                    assertThatThrownBy(() -> world.run(NEXT, (Trigger) row.get(1)))
                            .isInstanceOf(FailoverUnfinishedException.class)
                            .hasMessageContaining(step.word() + ": ");
                    assertThat(outcomes(world.metrics)).containsExactly((String) row.get(2));
                    assertThat(world.record.equals(AT_NEXT)).isEqualTo(row.get(3));
                    assertThat(world.calls).anyMatch(call -> call.startsWith("pulse"));
                    assertThat(failed(world.metrics)).containsExactly(step.word());
                    assertThat(world.log.lines("failover_unfinished")).hasSize(1);

                    world.heal();
                    world.hint.fail(null);
                    world.run(NEXT, Trigger.SCHEDULE);
                    assertThat(world.record).as("repaired by the next minute").isEqualTo(AT_NEXT);
                    assertThat(world.hint.written()).isOne();
                }));
    }

    @Test
    void namesEveryFailureOfARunAtOnce() {
        regions.promote(NEXT);
        regions.run(NEXT, Trigger.EVENT);
        regions.record = AT_HOME;
        regions.fail(Step.CONTROL_PLANE);
        regions.fail(Step.RECORD_READ);
        regions.fail(Step.RECORD_WRITE);

        assertThatThrownBy(() -> regions.run(NEXT, Trigger.SCHEDULE))
                .hasMessage("the failover run is not finished: control-plane: control-plane is told to fail;"
                        + " record-read: record-read is told to fail; record-write: record-write is told to fail");
    }

    @Test
    void route53BeingDownDelaysNothingButTheRecord() {
        regions.promote(NEXT);
        regions.fail(Step.RECORD_READ);
        regions.fail(Step.RECORD_WRITE);

        assertThatThrownBy(() -> regions.run(NEXT, Trigger.EVENT)).isInstanceOf(FailoverUnfinishedException.class);
        assertThat(regions.home().region()).isEqualTo(NEXT);
        assertThat(regions.hint.written()).isOne();
        assertThat(regions.calls.indexOf("pulse primary")).isEqualTo(1);

        regions.heal();
        regions.run(NEXT, Trigger.SCHEDULE);
        assertThat(regions.record).isEqualTo(AT_NEXT);
    }

    /** An error of the code in one step, not of AWS. */
    @Test
    void aBugInOneStepStopsNoOther() {
        regions.promote(NEXT);
        int[] calls = {0};
        regions.between = () -> {
            if (++calls[0] == 1) {
                throw new IllegalStateException("bug");
            }
        };
        regions.run(NEXT, Trigger.EVENT);

        assertThat(regions.record).isEqualTo(AT_NEXT);
        assertThat(regions.log.lines("failover_step_failed").getFirst().fields())
                .extracting("step", "problem")
                .containsExactly("control-plane", "java.lang.IllegalStateException: bug");
    }

    @TestFactory
    Stream<DynamicTest> killedAtAnyStepTheNextRunFinishes() {
        return Stream.of(Step.CONTROL_PLANE, Step.PULSE, Step.RECORD_READ, Step.RECORD_WRITE, Step.RECORD_IN_SYNC)
                .flatMap(step -> Stream.of(false, true)
                        .map(after -> DynamicTest.dynamicTest((after ? "after " : "before ") + step, () -> {
                            FakeRegions world = new FakeRegions();
                            world.promote(NEXT);
                            world.kill(step, after);
                            assertThatThrownBy(() -> world.run(NEXT, Trigger.EVENT))
                                    .isInstanceOf(FakeRegions.KilledError.class);
                            world.heal();

                            world.run(NEXT, Trigger.SCHEDULE);

                            assertThat(world.record).isEqualTo(AT_NEXT);
                            assertThat(world.promotions).hasSize(1);
                            assertThat(world.hint.written()).isOne();
                        })));
    }

    @Test
    void anEventThatIsAheadOfTheWorldIsWaitedFor() {
        int[] calls = {0};
        regions.between = () -> {
            if (++calls[0] == 9) {
                regions.promote(NEXT);
                regions.controlPlane = new ControlPlaneView.NotAsked();
            }
        };
        regions.controlPlane = new ControlPlaneView.Changing("datastore is modifying");

        assertThat(regions.run(NEXT, Trigger.EVENT)).isInstanceOf(FailoverPlan.Switch.class);
        assertThat(regions.record).isEqualTo(AT_NEXT);
        assertThat(outcomes(regions.metrics)).containsExactly("switch");
    }

    @Test
    void anEventThatStaysAheadOfTheWorldIsGivenBackForARetry() {
        regions.controlPlane = new ControlPlaneView.Changing("datastore is modifying");
        long start = regions.time.nanos();

        assertThatThrownBy(() -> regions.run(NEXT, Trigger.EVENT))
                .hasMessage("the failover run is not finished: decision: not yet: the last promotion names us-east-1,"
                        + " not yet this region");

        assertThat(Duration.ofNanos(regions.time.nanos() - start))
                .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(21));
        assertThat(regions.calls).doesNotContain("record-read").hasSizeBetween(10, 40);
        assertThat(regions.record).isEqualTo(AT_HOME);
        assertThat(outcomes(regions.metrics)).containsExactly("not-yet");
    }

    @Test
    void aCacheThatBelievesItselfPrimaryIsWaitedForAfterAnEventOnly() {
        regions.writable = NEXT;

        assertThat(regions.run(NEXT, Trigger.SCHEDULE))
                .isInstanceOfSatisfying(
                        FailoverPlan.Refuse.class,
                        refused -> assertThat(refused.reason()).isEqualTo(FailoverPlan.Reason.CONTRADICTION));
        assertThatThrownBy(() -> regions.run(NEXT, Trigger.EVENT)).hasMessageContaining("decision: not yet");
        assertThat(regions.record).isEqualTo(AT_HOME);
    }

    @Test
    void anEventWhileAnotherRegionIsPrimaryMovesNothingAndIsNotRetried() {
        assertThat(regions.run(NEXT, Trigger.EVENT).word()).isEqualTo("late-event");
        assertThat(regions.record).isEqualTo(AT_HOME);
        assertThat(regions.promotions).isEmpty();
        assertThat(regions.log.lines("failover_decided")).hasSize(1);
    }

    @Test
    void withoutThePulseTheRecordStays() {
        regions.promote(NEXT);
        regions.fail(Step.PULSE);

        assertThatThrownBy(() -> regions.run(NEXT, Trigger.SCHEDULE)).hasMessageContaining("pulse: ");
        assertThat(outcomes(regions.metrics)).containsExactly("home-unknown");
        assertThat(regions.record).isEqualTo(AT_HOME);
    }

    @Test
    void aPulseThatFailsOnceIsWokenAgainAfterAnEvent() {
        regions.promote(NEXT);
        regions.fail(Step.PULSE, number -> number == 1);

        assertThat(regions.run(NEXT, Trigger.EVENT)).isInstanceOf(FailoverPlan.Switch.class);
    }

    @Test
    void whileTheLedgerIsAwayNothingMoves() {
        regions.promote(NEXT);
        regions.ledgerUp = false;

        assertThat(regions.run(NEXT, Trigger.SCHEDULE).word()).isEqualTo("home-unknown");
        assertThat(regions.record).isEqualTo(AT_HOME);

        regions.ledgerUp = true;
        regions.run(NEXT, Trigger.SCHEDULE);
        assertThat(regions.record).isEqualTo(AT_NEXT);
    }

    @Test
    void aMissingZoneIsAFailureAndNothingIsWritten() {
        regions.record = new RecordView.ZoneAbsent();

        assertThatThrownBy(() -> regions.run(HOME, Trigger.SCHEDULE))
                .hasMessageContaining("record-read: the hosted zone does not exist");
        assertThat(regions.calls).noneMatch(call -> call.startsWith("record-write"));
    }

    @Test
    void aChangeThatStaysPendingIsAFailureOnlyOfItsOwnStep() {
        regions.promote(NEXT);
        regions.syncAfter = Integer.MAX_VALUE;
        long start = regions.time.nanos();

        assertThatThrownBy(() -> regions.run(NEXT, Trigger.EVENT))
                .hasMessageContaining("record-in-sync: Route 53 has the change, but not on all its servers");
        assertThat(regions.record).isEqualTo(AT_NEXT);
        assertThat(Duration.ofNanos(regions.time.nanos() - start)).isLessThan(Duration.ofSeconds(19));
    }

    /** Region by region: a roll back while the other region's run is under way. */
    @TestFactory
    Stream<DynamicTest> twoRegionsAtOnceEndWithTheLastPromotion() {
        return Stream.iterate(1, at -> at <= 5, at -> at + 1)
                .map(at -> DynamicTest.dynamicTest("the other runs before call " + at, () -> {
                    FakeRegions world = new FakeRegions();
                    world.promote(NEXT);
                    int[] calls = {0};
                    world.between = () -> {
                        if (++calls[0] == at) {
                            world.promote(HOME);
                            try {
                                world.run(HOME, Trigger.EVENT);
                            } catch (FailoverUnfinishedException _) {
                                // the schedule will do it
                            }
                        }
                    };
                    try {
                        world.run(NEXT, Trigger.EVENT);
                    } catch (FailoverUnfinishedException _) {
                        // Lambda will try again
                    }
                    world.between = () -> {};

                    world.run(NEXT, Trigger.SCHEDULE);
                    world.run(HOME, Trigger.SCHEDULE);
                    world.run(THIRD, Trigger.SCHEDULE);

                    assertThat(world.record).isEqualTo(AT_HOME);
                    assertThat(world.home().region()).isEqualTo(HOME);
                }));
    }

    @Test
    void eachRegionOfALongExerciseEndsWithTheRecord() {
        for (var next : List.of(NEXT, THIRD, HOME, NEXT, HOME)) {
            regions.promote(next);
            for (var each : List.of(HOME, NEXT, THIRD)) {
                regions.run(each, Trigger.SCHEDULE);
                regions.run(each, each.equals(next) ? Trigger.EVENT : Trigger.SCHEDULE);
            }
            assertThat(regions.record).isEqualTo(new RecordView.Names(cache(next), 10));
        }
        assertThat(regions.home().epoch()).isEqualTo(5);
    }

    @Test
    void promotesByItselfOnlyWhenThatIsAllowedAndWantedHere() {
        regions.wanted = new Wanted(NEXT, "2 of 3 regions miss us-east-1");

        regions.run(NEXT, Trigger.SCHEDULE);
        regions.autoPromote = true;
        regions.run(THIRD, Trigger.SCHEDULE);
        assertThat(regions.calls).doesNotContain("promote");

        regions.run(NEXT, Trigger.SCHEDULE);
        assertThat(regions.calls).containsOnlyOnce("promote");
        assertThat(regions.metrics.sum(Metric.AUTO_PROMOTION)).isEqualTo(1);
        assertThat(regions.log.lines("auto_promotion_asked").getFirst().fields())
                .extracting("promoted_region", "why")
                .containsExactly(NEXT.code(), "2 of 3 regions miss us-east-1");
    }

    @TestFactory
    Stream<DynamicTest> promotesByItselfOnlyWhereTheControlPlaneIsSureOfTheRoles() {
        return Stream.of(
                        new ControlPlaneView.Primary(FakeRegions.BOTH),
                        new ControlPlaneView.Changing("modifying"),
                        new ControlPlaneView.Alone(),
                        new ControlPlaneView.NotMember("gone"))
                .map(view -> DynamicTest.dynamicTest(view.toString(), () -> {
                    FakeRegions world = new FakeRegions();
                    world.autoPromote = true;
                    world.wanted = new Wanted(NEXT, "why");
                    world.controlPlane = view;
                    try {
                        world.run(NEXT, Trigger.SCHEDULE);
                    } catch (FailoverUnfinishedException _) {
                        // not yet
                    }
                    assertThat(world.calls).doesNotContain("promote");
                }));
    }

    @Test
    void aRefusedPromotionIsAFailureAndIsNotRepeatedInTheSameRun() {
        regions.autoPromote = true;
        regions.wanted = new Wanted(NEXT, "why");
        regions.fail(Step.AUTO_PROMOTION);

        assertThatThrownBy(() -> regions.run(NEXT, Trigger.SCHEDULE))
                .hasMessageContaining("auto-promotion: auto-promotion is told to fail");
        assertThat(regions.calls).containsOnlyOnce("promote");
        assertThat(regions.metrics.sum(Metric.AUTO_PROMOTION)).isZero();
    }

    /** Slow as the limits allow, everything at once: also at the largest setting of BURGEE_AWS_CALL_MS. */
    @Test
    void theLimitsOfAllStepsTogetherStayBelowTheFunctionsTimeOut() {
        for (int seconds : new int[] {1, 2, 4}) {
            assertThat(StepLimits.of(Duration.ofSeconds(seconds)).total()).isLessThan(StepLimits.TOTAL_MAX);
        }
        assertThat(StepLimits.TOTAL_MAX.plusSeconds(15)).isLessThan(FUNCTION);
    }

    private static List<String> outcomes(RecordingMetrics metrics) {
        return dimensions(metrics, Metric.FAILOVER_OUTCOME);
    }

    private static List<String> failed(RecordingMetrics metrics) {
        return dimensions(metrics, Metric.FAILOVER_STEP_FAILED);
    }

    private static List<String> dimensions(RecordingMetrics metrics, Metric metric) {
        return metrics.samples().stream()
                .filter(sample -> sample.metric() == metric)
                .map(RecordingMetrics.Sample::dimension)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void everyWordOfTheCodeStandsInTheDocument() throws java.io.IOException {
        String page = java.nio.file.Files.readString(java.nio.file.Path.of("..", "..", "docs", "failover.md"));
        assertThat(Arrays.stream(Why.values()).map(why -> "| `" + why.word() + "` |"))
                .allMatch(page::contains);
        assertThat(Arrays.stream(Step.values())
                        .filter(step -> step != Step.DECISION)
                        .map(step -> "`" + step.word() + "`"))
                .allMatch(page::contains);
    }
}
