package dev.burgee.failover;

import dev.burgee.time.Deadline;

/** This region's region-pulse. Thread-safe. */
interface Pulse {
    /**
     * Wakes it and waits for its report. Waking it twice does no harm.
     *
     * @param controlPlane what ElastiCache says of the own group
     * @throws AwsFailureException when it is not reached, fails, or sends no report in time
     */
    PulseReport wake(ControlPlaneView controlPlane, Deadline deadline);
}
