package dev.burgee.local;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions of one region, each with the variables that its deployment would set. Thread-safe. */
final class RegionFunctions implements AutoCloseable {
    static final String READ = "burgee-read-flag";
    static final String WRITE = "burgee-write-flag";
    static final String PULSE = "burgee-region-pulse";
    static final String FAILOVER = "burgee-failover-dns-update";

    /** The schedule, an event's wake-up, and somebody who asks. */
    private static final int BACKGROUND_ENVIRONMENTS_MAX = 3;

    private final Region region;
    private final FunctionOutput output;
    private final Map<String, FunctionHost> hosts = new LinkedHashMap<>();

    /** Starts none; execution environments start with their first event. */
    RegionFunctions(FunctionEnvironment environment, WorldOptions options, FunctionOutput output) {
        this.region = environment.region();
        this.output = output;
        Functions functions = options.functions();
        int max = options.environmentsMax();
        int few = Math.min(max, BACKGROUND_ENVIRONMENTS_MAX);
        add(READ, functions.read(), environment.forServing(READ), max, Functions.READ_TIMEOUT);
        add(WRITE, functions.write(), environment.forServing(WRITE), max, Functions.WRITE_TIMEOUT);
        add(PULSE, functions.pulse(), environment.forPulse(), few, Functions.PULSE_TIMEOUT);
        add(FAILOVER, functions.failover(), environment.forFailover(), few, Functions.FAILOVER_TIMEOUT);
    }

    Optional<FunctionHost> named(String name) {
        return Optional.ofNullable(hosts.get(name));
    }

    FunctionHost get(String name) {
        return named(name).orElseThrow(() -> new IllegalArgumentException("there is no function " + name));
    }

    /** What EventBridge invokes on a schedule. */
    List<Schedule.Beat> scheduled() {
        return List.of(new Schedule.Beat(region, get(PULSE)), new Schedule.Beat(region, get(FAILOVER)));
    }

    @Override
    public void close() {
        hosts.values().forEach(FunctionHost::close);
    }

    private void add(
            String name,
            FunctionFactory factory,
            Map<String, String> variables,
            int environmentsMax,
            Duration timeout) {
        hosts.put(
                name,
                new FunctionHost(new FunctionHost.Plan(
                        name, () -> factory.create(variables, output.stream()), environmentsMax, timeout)));
    }
}
