package dev.burgee.failover;

/** The steps of a run that can fail, as {@code FailoverStepFailed} and the log name them. */
enum Step {
    CONTROL_PLANE("control-plane"),
    PULSE("pulse"),
    AUTO_PROMOTION("auto-promotion"),
    HINT("hint"),
    RECORD_READ("record-read"),
    DECISION("decision"),
    RECORD_WRITE("record-write"),
    RECORD_IN_SYNC("record-in-sync");

    private final String word;

    Step(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
