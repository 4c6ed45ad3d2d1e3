package dev.burgee.local.drill;

/**
 * A write as its caller saw it; times are milliseconds since the drill began. Immutable.
 *
 * @param version of the flag that was answered; 0 unless accepted
 * @param detail what was answered otherwise
 */
record WriteSeen(Write write, long startMs, long endMs, Answer answer, long version, String detail) {
    /**
     * What was asked.
     *
     * @param operation unique to a write, and its Idempotency-Key; a repeat has the same one
     */
    record Write(String region, String flag, String operation) {}

    /** What the caller may conclude. */
    enum Answer {
        PROPAGATING,
        DELAYED,
        /** 4xx: it is not there. */
        REFUSED,
        /** 5xx or no answer: it may be there. */
        UNKNOWN
    }

    boolean isAcknowledged() {
        return answer == Answer.PROPAGATING || answer == Answer.DELAYED;
    }

    @Override
    public String toString() {
        return write.operation + " on " + write.flag + " in " + write.region + " at " + Seconds.of(startMs) + ": "
                + answer + (version == 0 ? "" : " as version " + version) + " after " + (endMs - startMs) + " ms"
                + (detail.isEmpty() ? "" : ": " + detail);
    }
}
