package dev.burgee.failover;

/** What a run answers to. It decides how patiently is looked, never what is true. */
enum Trigger {
    /** A promotion of this region's own group was announced. */
    EVENT,
    /** The minute is over. */
    SCHEDULE
}
