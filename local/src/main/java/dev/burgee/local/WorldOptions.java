package dev.burgee.local;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How a world is to be. Immutable.
 *
 * @param regions how many
 * @param port where control listens, the regions after it; 0: all at free ports
 * @param distances whether the regions are as far apart as the real ones
 * @param environment further variables for the functions, for example {@code BURGEE_FRESHNESS_WINDOW_MS}
 * @param environmentsMax execution environments of one function in one region, at most
 * @param pulse how often each region's pulse and failover functions are invoked
 */
record WorldOptions(
        int regions,
        int port,
        boolean distances,
        Map<String, String> environment,
        int environmentsMax,
        Duration pulse,
        Functions functions) {
    /** Enough for eight writers at once in one region. */
    static final int ENVIRONMENTS_MAX = 8;

    static final Duration PULSE = Duration.ofSeconds(60);

    WorldOptions {
        environment = Map.copyOf(environment);
    }

    /** Three regions at free ports, with real distances. */
    static WorldOptions ofThreeRegions(Functions functions) {
        return new WorldOptions(3, 0, true, Map.of(), ENVIRONMENTS_MAX, PULSE, functions);
    }

    WorldOptions withRegions(int count) {
        return new WorldOptions(count, port, distances, environment, environmentsMax, pulse, functions);
    }

    WorldOptions withoutDistances() {
        return new WorldOptions(regions, port, false, environment, environmentsMax, pulse, functions);
    }

    WorldOptions withPulse(Duration interval) {
        return new WorldOptions(regions, port, distances, environment, environmentsMax, interval, functions);
    }

    /** One more variable for the functions. */
    WorldOptions with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new WorldOptions(regions, port, distances, more, environmentsMax, pulse, functions);
    }
}
