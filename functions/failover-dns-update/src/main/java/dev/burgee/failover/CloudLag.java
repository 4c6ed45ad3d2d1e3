package dev.burgee.failover;

import dev.burgee.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The replication lag into this region as somebody else than the pulse has it. Thread-safe. */
interface CloudLag {
    /**
     * The newest figure since a moment; empty when there is none.
     *
     * @throws AwsFailureException when there is no answer in time
     */
    Optional<Duration> newest(Instant from, Instant to, Deadline deadline);
}
