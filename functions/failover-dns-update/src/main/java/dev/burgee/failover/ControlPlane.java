package dev.burgee.failover;

import dev.burgee.time.Deadline;

/** ElastiCache's control plane, as far as this region's own group is concerned. Thread-safe. */
interface ControlPlane {
    /**
     * Asks for the roles.
     *
     * @throws AwsFailureException when there is no answer in time, or one that contradicts itself
     */
    ControlPlaneView view(Deadline deadline);

    /**
     * Asks for the promotion of the own group; it is done later, if at all.
     *
     * @throws AwsFailureException when that is refused, or there is no answer in time
     */
    void promote(Deadline deadline);
}
