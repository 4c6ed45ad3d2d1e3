package dev.burgee.failover;

import dev.burgee.hint.Hint;
import dev.burgee.hint.HomeHint;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run, from looking to the record. It starts from nothing and keeps nothing, so it may be killed anywhere, run twice,
 * and run in two regions at once. A step that fails is noted and the next one runs. Not thread-safe.
 */
final class FailoverRun {
    /**
     * What a run works with.
     *
     * @param hint null: no parameter is configured
     * @param autoPromote whether a promotion that the pulse's majority wants is asked for
     */
    record Parts(
            Region here,
            FailoverPlanner planner,
            ControlPlane controlPlane,
            Pulse pulse,
            @Nullable HomeHint hint,
            PrimaryRecord record,
            boolean autoPromote,
            LagCheck lagCheck,
            StepLimits limits,
            Metrics metrics,
            Log log,
            Time time) {}

    private static final Duration PAUSE_MIN = Duration.ofMillis(250);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    private final Parts parts;
    private final Trigger trigger;

    /** Of each step that failed, how it failed last. */
    private final Map<Step, String> problems = new EnumMap<>(Step.class);

    private boolean asked;
    private PulseReport.@Nullable Home announced;

    FailoverRun(Parts parts, Trigger trigger) {
        this.parts = parts;
        this.trigger = trigger;
    }

    /**
     * Runs.
     *
     * @return what was decided, and done
     * @throws FailoverUnfinishedException naming all that failed, after everything else was done
     */
    FailoverPlan go() {
        Facts facts = look(parts.limits.total());
        FailoverPlan plan = parts.planner.plan(facts);
        Deadline patience = Deadline.after(parts.limits.poll(), parts.time);
        Duration pause = PAUSE_MIN;
        while (plan instanceof FailoverPlan.NotYet && patience.fits(pause.plus(PAUSE_MIN))) {
            parts.time.sleep(pause);
            pause = longer(pause);
            facts = look(patience.remaining());
            plan = parts.planner.plan(facts);
        }
        tell(facts, plan);
        switch (plan) {
            case FailoverPlan.Switch(String target) -> move(target, facts);
            case FailoverPlan.NotYet(String why) -> problems.put(Step.DECISION, "not yet: " + why);
            case FailoverPlan.Refuse(FailoverPlan.Reason reason, String why)
            when reason == FailoverPlan.Reason.ZONE_ABSENT -> note(Step.RECORD_READ, why);
            case FailoverPlan.AlreadyThere _, FailoverPlan.Refuse _ -> {}
        }
        if (trigger == Trigger.SCHEDULE && facts.pulse() instanceof PulseView.Told(PulseReport report)) {
            parts.lagCheck.compare(facts.controlPlane(), report);
        }
        if (!problems.isEmpty()) {
            List<String> texts = problems.entrySet().stream()
                    .map(problem -> problem.getKey().word() + ": " + problem.getValue())
                    .toList();
            parts.log.error("failover_unfinished", Map.of("problems", String.join("; ", texts)));
            throw new FailoverUnfinishedException(texts);
        }
        return plan;
    }

    /**
     * Asks, wakes, announces, in this order.
     *
     * @param left so much time at most, each step's own limit besides
     */
    private Facts look(Duration left) {
        Deadline end = Deadline.after(left, parts.time);
        ControlPlaneView view = attempt(
                Step.CONTROL_PLANE,
                end.cap(parts.limits.ask()),
                parts.controlPlane::view,
                ControlPlaneView.Unknown::new);
        PulseView pulse = attempt(
                Step.PULSE,
                end.cap(parts.limits.pulse()),
                deadline -> new PulseView.Told(parts.pulse.wake(view, deadline)),
                PulseView.Silent::new);
        if (pulse instanceof PulseView.Told(PulseReport report)) {
            promoteIfWanted(view, report);
            announce(report.home());
        }
        Facts facts = new Facts(trigger, view, pulse, new RecordView.NotAsked());
        return facts.homeIs(parts.here)
                ? new Facts(
                        trigger,
                        view,
                        pulse,
                        attempt(
                                Step.RECORD_READ,
                                end.cap(parts.limits.ask()),
                                parts.record::read,
                                RecordView.Unknown::new))
                : facts;
    }

    /** Only where the control plane is sure of the roles: a promotion under way is not asked for again. Once per run. */
    private void promoteIfWanted(ControlPlaneView view, PulseReport report) {
        PulseReport.Wanted wanted = report.wanted();
        if (!parts.autoPromote || asked || wanted == null || !wanted.region().equals(parts.here)) {
            return;
        }
        if (!(view instanceof ControlPlaneView.Secondary)) {
            return;
        }
        asked = true;
        boolean taken = attempt(
                Step.AUTO_PROMOTION,
                parts.limits.ask(),
                deadline -> {
                    parts.controlPlane.promote(deadline);
                    return true;
                },
                _ -> false);
        if (taken) {
            parts.metrics.count(Metric.AUTO_PROMOTION);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("promoted_region", parts.here.code());
            fields.put("why", wanted.why());
            parts.log.warn("auto_promotion_asked", fields);
        }
    }

    private void announce(PulseReport.@Nullable Home home) {
        HomeHint hint = parts.hint;
        // before the first promotion everybody knows the home from the topology
        if (hint == null || home == null || home.since() == null || home.epoch() < 1 || home.equals(announced)) {
            return;
        }
        Hint news = new Hint(home.region(), home.epoch(), home.since());
        boolean done = attempt(Step.HINT, parts.limits.ask(), _ -> announced(hint, news), _ -> false);
        announced = done ? home : null;
    }

    private static boolean announced(HomeHint hint, Hint news) {
        return switch (hint.announce(news)) {
            case HomeHint.Announced.Written _, HomeHint.Announced.Kept _ -> true;
            case HomeHint.Announced.Failed(HomeHint.Why _, String problem) ->
                throw new AwsFailureException(problem, null);
        };
    }

    private void move(String target, Facts facts) {
        PulseReport.Home home = facts.home();
        long epoch = home == null ? 0 : home.epoch();
        String change = attempt(
                Step.RECORD_WRITE,
                parts.limits.write(),
                deadline -> parts.record.write(target, "Burgee: home is " + parts.here + ", epoch " + epoch, deadline),
                _ -> "");
        if (change.isEmpty()) {
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("promoted_region", parts.here.code());
        fields.put("epoch", epoch);
        fields.put("target", target);
        fields.put("before", text(facts.record()));
        parts.log.info("record_switched", fields);
        attempt(Step.RECORD_IN_SYNC, parts.limits.inSync(), deadline -> awaitInSync(change, deadline), _ -> false);
    }

    private boolean awaitInSync(String change, Deadline deadline) {
        Duration pause = PAUSE_MIN;
        while (!parts.record.isInSync(change, deadline)) {
            if (!deadline.fits(pause.plus(PAUSE_MIN))) {
                throw new AwsFailureException(
                        "Route 53 has the change, but not on all its servers within "
                                + parts.limits.inSync().toSeconds() + " s",
                        null);
            }
            parts.time.sleep(pause);
            pause = longer(pause);
        }
        return true;
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
    }

    private void tell(Facts facts, FailoverPlan plan) {
        parts.metrics.add(Metric.FAILOVER_OUTCOME, plan.word(), 1);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("outcome", plan.word());
        switch (plan) {
            case FailoverPlan.NotYet(String why) -> fields.put("why", why);
            case FailoverPlan.Refuse(FailoverPlan.Reason _, String why) -> fields.put("why", why);
            case FailoverPlan.Switch _, FailoverPlan.AlreadyThere _ -> {}
        }
        fields.put("event", trigger == Trigger.EVENT);
        fields.put("control_plane", text(facts.controlPlane()));
        PulseReport.Home home = facts.home();
        if (home != null) {
            fields.put("promoted_region", home.region().code());
            fields.put("epoch", home.epoch());
        }
        if (facts.pulse() instanceof PulseView.Told(PulseReport report)
                && !report.problems().isEmpty()) {
            fields.put("pulse_problems", String.join("; ", report.problems()));
        }
        switch (plan) {
            case FailoverPlan.Refuse(FailoverPlan.Reason reason, String _) when !reason.loud() -> {}
            case FailoverPlan.AlreadyThere _ when trigger == Trigger.SCHEDULE -> {}
            case FailoverPlan.Switch _, FailoverPlan.AlreadyThere _ -> parts.log.info("failover_decided", fields);
            case FailoverPlan.NotYet _, FailoverPlan.Refuse _ -> parts.log.warn("failover_decided", fields);
        }
    }

    private <T> T attempt(Step step, Duration limit, Function<Deadline, T> call, Function<String, T> failed) {
        try {
            T result = call.apply(Deadline.after(limit, parts.time));
            problems.remove(step);
            return result;
        } catch (AwsFailureException e) {
            return failed.apply(note(step, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            // a bug in one step must not keep the others from running either
            return failed.apply(note(step, e.toString()));
        }
    }

    private String note(Step step, String problem) {
        problems.put(step, problem);
        parts.metrics.add(Metric.FAILOVER_STEP_FAILED, step.word(), 1);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("step", step.word());
        fields.put("problem", problem);
        parts.log.warn("failover_step_failed", fields);
        return problem;
    }

    private static String text(ControlPlaneView view) {
        return switch (view) {
            case ControlPlaneView.Primary _ -> "primary";
            case ControlPlaneView.Secondary(Region primary) -> "secondary of " + primary;
            case ControlPlaneView.Changing(String status) -> "changing: " + status;
            case ControlPlaneView.Alone _ -> "alone";
            case ControlPlaneView.NotMember(String why) -> "not-member: " + why;
            case ControlPlaneView.Unknown(String why) -> "unknown: " + why;
            case ControlPlaneView.NotAsked _ -> "not-asked";
        };
    }

    private static String text(RecordView record) {
        return switch (record) {
            case RecordView.Names(String target, long ttl) -> target + " (TTL " + ttl + ")";
            case RecordView.Absent _ -> "absent";
            case RecordView.ZoneAbsent _ -> "zone-absent";
            case RecordView.Unknown _ -> "unknown";
            case RecordView.NotAsked _ -> "not-asked";
        };
    }
}
