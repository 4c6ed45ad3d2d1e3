package dev.burgee.local;

import dev.burgee.read.ReadFlagHandler;
import dev.burgee.write.WriteFlagHandler;
import java.time.Duration;

/** Which code runs as the functions. Immutable. */
record Functions(FunctionFactory read, FunctionFactory write) {
    /** Lambda's time-out of read-flag. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    /** Lambda's time-out of write-flag. */
    static final Duration WRITE_TIMEOUT = Duration.ofSeconds(15);

    /** Those that ship. */
    static Functions shipped() {
        return new Functions(ReadFlagHandler::new, WriteFlagHandler::new);
    }
}
