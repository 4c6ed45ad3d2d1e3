package dev.burgee.hint;

/** Where the home is announced. Never throws: an announcement that fails delays nothing. Thread-safe. */
public interface HomeHint {
    /** Why the parameter could not be read or written. */
    enum Why {
        /** The function's role may not. */
        DENIED,
        /** Too many calls, or another change of it under way, and the retries did not help. */
        THROTTLED,
        /** No answer within the limit. */
        OUT_OF_REACH,
        /** Any other refusal. */
        REFUSED
    }

    /** What the parameter said. */
    sealed interface Reading {
        record Found(Hint hint) implements Reading {}

        record Missing() implements Reading {}

        /** It is there, but is no hint: a person's typing error, for example. The next announcement replaces it. */
        record Unreadable(String problem) implements Reading {}

        record Failed(Why why, String problem) implements Reading {}
    }

    /** How an announcement ended. */
    sealed interface Announced {
        record Written() implements Announced {}

        /** Nothing was written: an epoch as great or greater is there. */
        record Kept(long epoch) implements Announced {}

        record Failed(Why why, String problem) implements Announced {}
    }

    Reading read();

    /**
     * Writes the hint when its epoch is greater than what is there, or nothing that can be read is there. Between two that
     * announce at the same instant the smaller epoch may win, until the next announcement.
     */
    Announced announce(Hint hint);
}
