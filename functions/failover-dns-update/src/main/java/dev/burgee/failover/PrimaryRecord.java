package dev.burgee.failover;

import dev.burgee.time.Deadline;

/** The one CNAME that names the home's cache. Thread-safe. */
interface PrimaryRecord {
    /**
     * Looks at it.
     *
     * @throws AwsFailureException when there is no answer in time
     */
    RecordView read(Deadline deadline);

    /**
     * Makes it name that target, whatever is there. Backs off while Route 53 is busy.
     *
     * @param comment for people who read Route 53's log
     * @return the change's id
     * @throws AwsFailureException when that is refused, or not done in time
     */
    String write(String target, String comment, Deadline deadline);

    /**
     * Whether all of Route 53's servers have the change.
     *
     * @throws AwsFailureException when there is no answer in time
     */
    boolean isInSync(String change, Deadline deadline);
}
