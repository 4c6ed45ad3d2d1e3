package dev.burgee.pulse;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether a promotion of this region is to be appended: section 7 of the design, in one place. Pure. */
final class PromotionRule {
    private PromotionRule() {}

    /** What to do. */
    sealed interface Ruling {
        /**
         * Append a promotion that names this region, unless another comes first.
         *
         * @param actor who will stand in the log as its author
         */
        record Append(String actor) implements Ruling {}

        /** Append nothing. */
        record Leave(Outcome outcome, @Nullable String reason) implements Ruling {}
    }

    /** What a promotion that the control plane caused has as its author. */
    static final String CONTROL_PLANE = "control-plane";

    static Ruling decide(PulseRequest request, Situation now) {
        return switch (request) {
            case PulseRequest.Plain _, PulseRequest.Status _ -> new Ruling.Leave(Outcome.PULSED, null);
            case PulseRequest.Wake wake -> decide(wake, now);
            case PulseRequest.Promote promote -> decide(promote, now);
        };
    }

    private static Ruling decide(PulseRequest.Wake wake, Situation now) {
        if (wake.controlPlane() != PulseRequest.ControlPlane.PRIMARY) {
            return new Ruling.Leave(Outcome.PULSED, null);
        }
        if (now.profile() == Profile.SELF_MANAGED) {
            return new Ruling.Leave(Outcome.PULSED, "self-managed caches have no control plane; use scripts/promote");
        }
        if (!now.ledgerReachable()) {
            return new Ruling.Leave(Outcome.PULSED, "the ledger did not answer, so no promotion can be recorded yet");
        }
        if (now.home().equals(now.here())) {
            return new Ruling.Leave(Outcome.ALREADY, null);
        }
        if (!wake.members().contains(now.home())) {
            // the home left this datastore by a disassociation: what stays behind cannot have demoted it
            return new Ruling.Leave(
                    Outcome.PULSED,
                    "the home, " + now.home() + ", is not in the datastore of which " + now.here()
                            + " is primary; only scripts/promote can name another home");
        }
        if (!now.writable()) {
            return new Ruling.Leave(
                    Outcome.NOT_WRITABLE,
                    now.reachable()
                            ? "the cache of " + now.here() + " does not accept writes yet"
                            : "the cache of " + now.here() + " did not answer");
        }
        if (now.homeWritable()) {
            // what the control plane said may be from before this region was cut off; nobody demoted that home
            return new Ruling.Leave(
                    Outcome.PULSED,
                    "the cache of " + now.home()
                            + ", the home, accepts writes too; only scripts/promote can name another");
        }
        return new Ruling.Append(CONTROL_PLANE);
    }

    private static Ruling decide(PulseRequest.Promote promote, Situation now) {
        if (!now.ledgerReachable()) {
            return refuse("the ledger did not answer, so nothing can be promoted");
        }
        if (now.home().equals(now.here())) {
            return new Ruling.Leave(Outcome.ALREADY, null);
        }
        if (!now.reachable()) {
            return refuse("the cache of " + now.here() + " did not answer");
        }
        if (now.profile() == Profile.GLOBAL_DATASTORE && !now.writable()) {
            return refuse("the cache of " + now.here()
                    + " does not accept writes: fail the global datastore over, or take this group out of it, first");
        }
        Duration lag = now.lag();
        if (!promote.force() && lag == null) {
            return refuse("nobody knows how far the cache of " + now.here()
                    + " is behind: it shows no position, or one beyond the ledger's end");
        }
        if (!promote.force() && lag != null && lag.compareTo(promote.lagMax()) > 0) {
            return refuse("the cache of " + now.here() + " lags by " + lag.toMillis() + " ms, but at most "
                    + promote.lagMax().toMillis() + " ms are allowed");
        }
        return promote.dryRun()
                ? new Ruling.Leave(Outcome.DRY_RUN, "would promote " + now.here() + " in place of " + now.home())
                : new Ruling.Append(promote.actor());
    }

    private static Ruling refuse(String reason) {
        return new Ruling.Leave(Outcome.REFUSED, reason);
    }
}
