package dev.burgee.local;

/** What came of calling a function. */
sealed interface Invocation {
    /** It answered: the JSON text of its payload 2.0 response. */
    record Answered(String json) implements Invocation {}

    /** It did not answer within its time-out; its execution environment is gone. */
    record TimedOut() implements Invocation {}

    /** It threw. */
    record Failed(Exception cause) implements Invocation {}

    /** All execution environments were busy for as long as its time-out. */
    record Throttled() implements Invocation {}
}
