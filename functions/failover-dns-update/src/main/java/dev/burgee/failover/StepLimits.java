package dev.burgee.failover;

import java.time.Duration;

/**
 * So long each step of a run may take. Looking again happens within {@code poll}, whatever is asked then.
 *
 * @param ask one question to ElastiCache or Route 53, and one announcement; retries included
 * @param pulse waking region-pulse, which may start cold
 * @param poll waiting for what was promised
 * @param write the UPSERT, retries included
 * @param inSync waiting for Route 53's servers
 */
record StepLimits(Duration ask, Duration pulse, Duration poll, Duration write, Duration inSync) {
    /** The function has 120 s; the rest is for starting, and for a wait that overruns its limit by one pause. */
    static final Duration TOTAL_MAX = Duration.ofSeconds(100);

    /** Two calls of an AWS API fit into one question. */
    static StepLimits of(Duration awsCall) {
        return new StepLimits(
                awsCall.multipliedBy(2),
                Duration.ofSeconds(18),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(18));
    }

    /** The longest that a run can take: asking the control plane, promoting, the hint and reading the record are questions. */
    Duration total() {
        return ask.multipliedBy(4).plus(pulse).plus(poll).plus(write).plus(inSync);
    }
}
