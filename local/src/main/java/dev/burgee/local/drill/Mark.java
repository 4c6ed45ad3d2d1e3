package dev.burgee.local.drill;

/** Moments of a drill, in their order; one that was not reached has no time. */
enum Mark {
    /** The first fault is asked for. */
    LOSING,
    /** The last fault is in place. */
    LOST,
    /** The promotion is asked for. */
    PROMOTING,
    /** All surviving regions show every write that was acknowledged before the promotion. */
    RECOVERED,
    /** Route 53 may answer again, or could all the time. */
    DNS_ALLOWED,
    /** The first fault is being undone. */
    HEALING,
    /** The lost region reads and writes, and all positions are equal. */
    REJOINED,
    /** The first primary's promotion is asked for. */
    ROLLING_BACK,
    /** All regions show what was written after that. */
    ROLLED_BACK,
    /** The load has ended. */
    QUIET
}
