package dev.burgee.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How late this machine wakes a thread that asked to be woken, while something is measured on it: a test that bounds times
 * makes room for that, and for nothing else. Thread-safe.
 */
final class MachineNoise {
    private static final long NAP_NANOS = Duration.ofMillis(10).toNanos();

    /** A request passes so many threads on its way through client, gateway, function and proxies. */
    private static final int HOPS = 10;

    private static final double LATE_MS = 10;

    private final List<Double> overshootsMs = new ArrayList<>();
    private volatile boolean ended;
    private final Thread sampler = Thread.ofPlatform().daemon().name("noise").unstarted(this::sample);

    MachineNoise() {
        sampler.start();
    }

    private void sample() {
        while (!ended) {
            long start = System.nanoTime();
            LockSupport.parkNanos(NAP_NANOS);
            double overshoot = (System.nanoTime() - start - NAP_NANOS) / 1e6;
            synchronized (overshootsMs) {
                overshootsMs.add(Math.max(0, overshoot));
            }
        }
    }

    /** How many of so many requests the machine alone may have made late. */
    int lateOf(int requests) {
        synchronized (overshootsMs) {
            long late = overshootsMs.stream().filter(ms -> ms > LATE_MS).count();
            return (int)
                    Math.min(requests, Math.ceil((double) requests * HOPS * late / Math.max(1, overshootsMs.size())));
        }
    }

    /** What the machine alone may have added to a usual request. */
    double addedMs() {
        synchronized (overshootsMs) {
            return HOPS
                    * overshootsMs.stream()
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .orElse(0);
        }
    }

    /** Ends sampling, soon. */
    void stop() {
        ended = true;
    }

    /** Ends sampling. */
    void end() throws InterruptedException {
        stop();
        sampler.join();
    }
}
