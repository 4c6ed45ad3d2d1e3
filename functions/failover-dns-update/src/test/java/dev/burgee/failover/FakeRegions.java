package dev.burgee.failover;

import dev.burgee.failover.PulseReport.Cache;
import dev.burgee.failover.PulseReport.Home;
import dev.burgee.failover.PulseReport.Wanted;
import dev.burgee.hint.FakeHomeHint;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Regions with a control plane, a ledger, caches and one record, as the four ports show them. The pulse appends promotions
 * by the rule of region-pulse. A step can be made to fail, by its call's number, or to kill the function. Not thread-safe.
 */
final class FakeRegions {
    static final Region HOME = new Region("us-east-1");
    static final Region NEXT = new Region("eu-west-1");
    static final Region THIRD = new Region("ap-southeast-1");
    static final Set<Region> BOTH = Set.of(HOME, NEXT);

    /** The function's process ended. */
    static final class KilledError extends Error {
        private static final long serialVersionUID = 1L;
    }

    final FakeTime time = new FakeTime();
    final RecordingMetrics metrics = new RecordingMetrics();
    final RecordingLog log = new RecordingLog();
    final FakeHomeHint hint = new FakeHomeHint();
    final List<String> calls = new ArrayList<>();
    final List<Home> promotions = new ArrayList<>();

    Region primary = HOME;
    Region writable = HOME;
    ControlPlaneView controlPlane = new ControlPlaneView.NotAsked();
    RecordView record = new RecordView.Names(cache(HOME), 10);
    boolean ledgerUp = true;
    boolean autoPromote;

    @Nullable
    Wanted wanted;

    /** What the pulse measured, and what CloudWatch has. */
    PulseReport.@Nullable Lag lag;

    Optional<Duration> told = Optional.empty();
    boolean cloudIsSilent;

    int syncAfter;
    Duration perCall = Duration.ofMillis(40);

    /** Runs before each call, with its name. */
    Runnable between = () -> {};

    private final Map<Step, IntPredicate> failing = new HashMap<>();
    private final Map<Step, Integer> made = new HashMap<>();
    private final Map<Step, Boolean> killing = new HashMap<>();

    private Optional<Duration> told() {
        calls.add("cloud-lag");
        if (cloudIsSilent) {
            throw new AwsFailureException("CloudWatch did not answer", null);
        }
        return told;
    }

    static String cache(Region region) {
        return "burgee-" + region + ".example.com";
    }

    /** What ElastiCache does: another region's cache becomes writable, and it says so. */
    void promote(Region next) {
        primary = next;
        writable = next;
    }

    /** These calls of a step fail, counted from 1. */
    void fail(Step step, IntPredicate which) {
        failing.put(step, which);
    }

    void fail(Step step) {
        fail(step, _ -> true);
    }

    /** The process ends before the step, or right after it took effect. */
    void kill(Step step, boolean after) {
        killing.put(step, after);
    }

    void heal() {
        failing.clear();
        killing.clear();
    }

    Home home() {
        return promotions.isEmpty() ? new Home(HOME, 0, null) : promotions.getLast();
    }

    FailoverPlan run(Region here, Trigger trigger) {
        FailoverRun.Parts parts = new FailoverRun.Parts(
                here,
                new FailoverPlanner(here, cache(here)),
                new ControlPlaneOf(here),
                new PulseOf(here),
                hint,
                new RecordOf(),
                autoPromote,
                new LagCheck((_, _, _) -> told(), log, time),
                StepLimits.of(Duration.ofSeconds(2)),
                metrics,
                log,
                time);
        return new FailoverRun(parts, trigger).go();
    }

    private void begin(Step step, String call) {
        between.run();
        time.advance(perCall);
        int number = made.merge(step, 1, Integer::sum);
        calls.add(call);
        if (Boolean.FALSE.equals(killing.get(step))) {
            throw new KilledError();
        }
        IntPredicate which = failing.get(step);
        if (which != null && which.test(number)) {
            throw new AwsFailureException(step.word() + " is told to fail", null);
        }
    }

    private void end(Step step) {
        if (Boolean.TRUE.equals(killing.get(step))) {
            throw new KilledError();
        }
    }

    private final class ControlPlaneOf implements ControlPlane {
        private final Region here;

        ControlPlaneOf(Region here) {
            this.here = here;
        }

        @Override
        public ControlPlaneView view(Deadline deadline) {
            begin(Step.CONTROL_PLANE, "control-plane");
            end(Step.CONTROL_PLANE);
            if (!(controlPlane instanceof ControlPlaneView.NotAsked)) {
                return controlPlane;
            }
            return here.equals(primary) ? new ControlPlaneView.Primary(BOTH) : new ControlPlaneView.Secondary(primary);
        }

        @Override
        public void promote(Deadline deadline) {
            begin(Step.AUTO_PROMOTION, "promote");
            FakeRegions.this.promote(here);
            end(Step.AUTO_PROMOTION);
        }
    }

    private final class PulseOf implements Pulse {
        private final Region here;

        PulseOf(Region here) {
            this.here = here;
        }

        @Override
        public PulseReport wake(ControlPlaneView controlPlane, Deadline deadline) {
            String word = controlPlane.word();
            begin(Step.PULSE, "pulse " + word);
            boolean takesWrites = writable.equals(here);
            if (ledgerUp
                    && takesWrites
                    && word.equals("primary")
                    && !home().region().equals(here)) {
                promotions.add(new Home(here, promotions.size() + 1L, Instant.parse("2026-11-21T05:00:00Z")));
            }
            end(Step.PULSE);
            return new PulseReport(
                    ledgerUp ? home() : null, takesWrites ? Cache.WRITABLE : Cache.READ_ONLY, wanted, List.of(), lag);
        }
    }

    private final class RecordOf implements PrimaryRecord {
        private int asked;

        @Override
        public RecordView read(Deadline deadline) {
            begin(Step.RECORD_READ, "record-read");
            end(Step.RECORD_READ);
            return record;
        }

        @Override
        public String write(String target, String comment, Deadline deadline) {
            begin(Step.RECORD_WRITE, "record-write " + target);
            record = new RecordView.Names(target, FailoverPlanner.TTL_SECONDS);
            end(Step.RECORD_WRITE);
            return "/change/C1";
        }

        @Override
        public boolean isInSync(String change, Deadline deadline) {
            begin(Step.RECORD_IN_SYNC, "in-sync");
            end(Step.RECORD_IN_SYNC);
            return asked++ >= syncAfter;
        }
    }
}
