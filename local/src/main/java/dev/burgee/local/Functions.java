package dev.burgee.local;

import java.time.Duration;

/** Which code runs as the functions. Immutable. */
record Functions(FunctionFactory read, FunctionFactory write) {
    /** Those that ship. */
    static Functions shipped() {
        // TODO the handlers, when they are there
        FunctionFactory none = (environment, output) -> (in, out, context) ->
                out.write("{\"statusCode\":501}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new Functions(none, none);
    }

    /** Lambda's time-out of read-flag. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    /** Lambda's time-out of write-flag. */
    static final Duration WRITE_TIMEOUT = Duration.ofSeconds(15);
}
