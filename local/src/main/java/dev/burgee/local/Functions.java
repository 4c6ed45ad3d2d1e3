package dev.burgee.local;

import dev.burgee.failover.FailoverDnsUpdateHandler;
import dev.burgee.pulse.RegionPulseHandler;
import dev.burgee.read.ReadFlagHandler;
import dev.burgee.write.WriteFlagHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Which code runs as the functions. Immutable. */
record Functions(FunctionFactory read, FunctionFactory write, FunctionFactory pulse, FunctionFactory failover) {
    /** Lambda's time-out of read-flag. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    /** Lambda's time-out of write-flag. */
    static final Duration WRITE_TIMEOUT = Duration.ofSeconds(15);
    /** Lambda's time-out of region-pulse. */
    static final Duration PULSE_TIMEOUT = Duration.ofMinutes(5);
    /** Lambda's time-out of failover-dns-update. */
    static final Duration FAILOVER_TIMEOUT = Duration.ofMinutes(2);

    private static final FunctionFactory IDLE =
            (environment, output) -> (in, out, context) -> out.write("{}".getBytes(StandardCharsets.UTF_8));

    /** Those that ship. */
    static Functions shipped() {
        return new Functions(
                ReadFlagHandler::new, WriteFlagHandler::new, RegionPulseHandler::new, FailoverDnsUpdateHandler::new);
    }

    /** Two that serve, and none that looks after anything. */
    static Functions serving(FunctionFactory read, FunctionFactory write) {
        return new Functions(read, write, IDLE, IDLE);
    }
}
