package dev.burgee.pulse;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.Set;

/** What the pulse was woken for. */
sealed interface PulseRequest {
    /** What ElastiCache's control plane says of this region's own group. */
    enum ControlPlane {
        PRIMARY("primary"),
        SECONDARY("secondary"),
        UNKNOWN("unknown");

        private final String text;

        ControlPlane(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** The schedule's. */
    record Plain() implements PulseRequest {}

    /**
     * A pulse ahead of the schedule, by failover-dns-update.
     *
     * @param members the regions of the datastore of which this region's group is the primary; empty when it is not
     */
    record Wake(ControlPlane controlPlane, Set<Region> members) implements PulseRequest {
        public Wake {
            members = Set.copyOf(members);
        }
    }

    /**
     * An operator names this region the home.
     *
     * @param force although the cache lags by more than {@code lagMax}, or nobody knows by how much
     */
    record Promote(Region region, String actor, boolean force, boolean dryRun, Duration lagMax)
            implements PulseRequest {}

    /** The report alone. */
    record Status() implements PulseRequest {}
}
