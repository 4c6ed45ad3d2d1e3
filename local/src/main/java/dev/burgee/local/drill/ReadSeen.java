package dev.burgee.local.drill;

import java.util.Map;
import java.util.Set;

/** A read as its caller saw it; times are milliseconds since the drill began. Immutable. */
record ReadSeen(Read read, long startMs, long endMs, Shown shown) {
    /**
     * What was asked.
     *
     * @param caller whose calls follow each other
     * @param flags that must be in the answer; all of them exist
     * @param token {@code Burgee-Position} as sent; 0: none
     */
    record Read(String caller, String region, Set<String> flags, long token) {
        Read {
            flags = Set.copyOf(flags);
        }
    }

    /**
     * What was answered.
     *
     * @param status 0: no answer
     * @param position {@code Burgee-Position}; -1: none
     * @param versions by flag; a 304 shows the version that the caller had
     * @param staleS {@code Burgee-Stale}; -1: none
     * @param retryAfter whether there was one
     * @param detail what was answered, when it was an error
     */
    record Shown(
            int status, long position, Map<String, Long> versions, long staleS, boolean retryAfter, String detail) {
        Shown {
            versions = Map.copyOf(versions);
        }
    }

    boolean isAnswered() {
        return shown.status == 200 || shown.status == 304;
    }

    /** A token may be refused for a while, in so many words. */
    boolean isTokenUnavailable() {
        return read.token > 0 && shown.status == 503 && shown.retryAfter;
    }

    /** No answer, an error, or an answer without a flag that exists. */
    boolean isFailed() {
        return !isTokenUnavailable()
                && !(isAnswered() && shown.versions.keySet().containsAll(read.flags));
    }

    @Override
    public String toString() {
        return read.caller + " in " + read.region + " at " + Seconds.of(startMs)
                + (read.token == 0 ? "" : " with token " + read.token) + ": status " + shown.status + ", position "
                + shown.position + (shown.versions.size() == 1 ? ", " + shown.versions : "") + " after "
                + (endMs - startMs) + " ms" + (shown.detail.isEmpty() ? "" : ": " + shown.detail);
    }
}
