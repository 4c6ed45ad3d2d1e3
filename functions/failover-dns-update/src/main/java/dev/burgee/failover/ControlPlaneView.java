package dev.burgee.failover;

import dev.burgee.region.Region;
import java.util.Set;

/** What ElastiCache says of this region's own replication group, reduced to what decides. */
sealed interface ControlPlaneView {
    /**
     * The own group is the primary of a datastore that is available.
     *
     * @param members the regions of all its members, this one included
     */
    record Primary(Set<Region> members) implements ControlPlaneView {
        public Primary {
            members = Set.copyOf(members);
        }
    }

    /** The own group is a secondary of an available datastore, whose primary is in that region. */
    record Secondary(Region primary) implements ControlPlaneView {}

    /**
     * Members change roles, or join, or leave.
     *
     * @param status as ElastiCache says it
     */
    record Changing(String status) implements ControlPlaneView {}

    /** The own group is the datastore's only member. No promotion leads there, so it proves none. */
    record Alone() implements ControlPlaneView {}

    /** The datastore does not exist, or the own group is not in it: after a disassociation it stands alone. */
    record NotMember(String why) implements ControlPlaneView {}

    /** There was no answer, or one that contradicts itself. */
    record Unknown(String why) implements ControlPlaneView {}

    /** There is no datastore to ask about (self-managed caches). */
    record NotAsked() implements ControlPlaneView {}

    /** What region-pulse is told: {@code primary}, {@code secondary} or {@code unknown}. */
    default String word() {
        return switch (this) {
            case Primary _ -> "primary";
            case Secondary _ -> "secondary";
            case Changing _, Alone _, NotMember _, Unknown _, NotAsked _ -> "unknown";
        };
    }
}
