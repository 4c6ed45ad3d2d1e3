package dev.burgee.failover;

/** What came back from waking region-pulse. */
sealed interface PulseView {
    /** Its report. */
    record Told(PulseReport report) implements PulseView {}

    /** It was not reached, failed, or sent what is no report. */
    record Silent(String why) implements PulseView {}
}
