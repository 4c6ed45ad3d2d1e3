package dev.burgee.failover;

import dev.burgee.failover.FailoverPlan.AlreadyThere;
import dev.burgee.failover.FailoverPlan.NotYet;
import dev.burgee.failover.FailoverPlan.Reason;
import dev.burgee.failover.FailoverPlan.Refuse;
import dev.burgee.failover.FailoverPlan.Switch;
import dev.burgee.region.Region;

/**
 * Decides about the CNAME: it follows the last promotion in the ledger, never an event, and only to a cache that takes
 * writes. Pure. Its table, row by row, is docs/failover.md, which {@code FailoverPlannerTest} runs.
 */
final class FailoverPlanner {
    /** Seconds; short, because people and tools resolve the record, clients do not depend on it. */
    static final long TTL_SECONDS = 10;

    private final Region here;
    private final String target;

    /**
     * Makes a planner.
     *
     * @param target the DNS name of this region's own cache
     */
    FailoverPlanner(Region here, String target) {
        this.here = here;
        this.target = target;
    }

    FailoverPlan plan(Facts facts) {
        if (facts.controlPlane() instanceof ControlPlaneView.Secondary(Region primary)) {
            return asSecondary(facts, primary);
        }
        PulseReport.Home home = facts.home();
        if (home == null) {
            return facts.isEvent()
                    ? new NotYet("the pulse does not say which region is home")
                    : new Refuse(Reason.HOME_UNKNOWN, "the pulse does not say which region is home");
        }
        if (!facts.homeIs(here)) {
            return promised(facts)
                    ? new NotYet("the last promotion names " + home.region() + ", not yet this region")
                    : elsewhere(home);
        }
        return atHome(facts);
    }

    /** Another region's group is primary and available: whatever was heard, this one is not being promoted. */
    private FailoverPlan asSecondary(Facts facts, Region primary) {
        if (facts.writable()) {
            String why = "this region's cache takes writes, but the control plane calls " + primary + " primary";
            return facts.isEvent() ? new NotYet(why) : new Refuse(Reason.CONTRADICTION, why);
        }
        if (facts.isEvent()) {
            return new Refuse(Reason.LATE_EVENT, "the control plane says that " + primary + " is primary");
        }
        PulseReport.Home home = facts.home();
        if (home == null) {
            return new Refuse(Reason.HOME_UNKNOWN, "the pulse does not say which region is home");
        }
        return facts.homeIs(here)
                ? new Refuse(
                        Reason.NOT_WRITABLE,
                        "the last promotion names this region, but the control plane says that " + primary
                                + " is primary")
                : elsewhere(home);
    }

    private FailoverPlan atHome(Facts facts) {
        return switch (facts.record()) {
            case RecordView.Names(String named, long ttl) when names(named) && ttl == TTL_SECONDS -> new AlreadyThere();
            case RecordView.ZoneAbsent _ -> new Refuse(Reason.ZONE_ABSENT, "the hosted zone does not exist");
            case RecordView.Names _, RecordView.Absent _, RecordView.Unknown _, RecordView.NotAsked _ -> {
                String why = "the last promotion names this region, but its cache takes no writes";
                if (facts.writable()) {
                    yield new Switch(target);
                }
                yield promised(facts) ? new NotYet(why) : new Refuse(Reason.NOT_WRITABLE, why);
            }
        };
    }

    private static boolean promised(Facts facts) {
        return facts.isEvent() || facts.controlPlane() instanceof ControlPlaneView.Primary;
    }

    private static FailoverPlan elsewhere(PulseReport.Home home) {
        return new Refuse(Reason.HOME_ELSEWHERE, "the last promotion names " + home.region());
    }

    private boolean names(String named) {
        return plain(named).equalsIgnoreCase(plain(target));
    }

    private static String plain(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
