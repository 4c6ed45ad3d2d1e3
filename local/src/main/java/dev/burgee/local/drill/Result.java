package dev.burgee.local.drill;

import java.time.Instant;
import java.util.List;

/** What came of a drill. Immutable. */
record Result(DrillPlan plan, Instant began, Evidence seen, Figures figures, List<Target> targets) {
    Result {
        targets = List.copyOf(targets);
    }

    static Result of(DrillPlan plan, Instant began, Evidence seen) {
        Figures figures = Accounting.of(seen);
        return new Result(plan, began, seen, figures, Target.of(plan, seen, figures));
    }

    boolean passed() {
        return targets.stream().allMatch(Target::met);
    }

    List<Target> missed() {
        return targets.stream().filter(target -> !target.met()).toList();
    }
}
