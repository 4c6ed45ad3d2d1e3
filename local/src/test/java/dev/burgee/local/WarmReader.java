package dev.burgee.local;

import dev.burgee.region.Region;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One warm process of read-flag in a region, behind an address of its own: what memory and breakers do can be seen by one
 * caller only where no other process answers in between.
 */
final class WarmReader implements AutoCloseable {
    private final AtomicInteger processes = new AtomicInteger();
    private final FunctionHost host;
    private final RegionGateway gateway;
    private final Api api;

    /** Starts it; the window is {@code BURGEE_FRESHNESS_WINDOW_MS}. */
    WarmReader(World world, Region region, int windowMs) {
        this(world, region, Map.of("BURGEE_FRESHNESS_WINDOW_MS", Integer.toString(windowMs)));
    }

    WarmReader(World world, Region region, Map<String, String> more) {
        this(world, region, more, Memory.ON);
    }

    WarmReader(World world, Region region, Map<String, String> more, Memory memory) {
        URI secrets = world.secrets(region).endpoint();
        Map<String, String> variables = FunctionEnvironment.variables(region, "burgee-read-flag", secrets, more);
        host = new FunctionHost(new FunctionHost.Plan(
                "warm-reader." + region,
                () -> {
                    processes.incrementAndGet();
                    return memory.read().create(variables, world.output().stream());
                },
                1,
                Functions.READ_TIMEOUT));
        gateway = RegionGateway.start(0, host, host);
        api = new Api(gateway.uri());
    }

    Api api() {
        return api;
    }

    /** How many processes there have been: more than one when a call met the function's time-out. */
    int processes() {
        return processes.get();
    }

    @Override
    public void close() {
        gateway.close();
        host.close();
    }
}
