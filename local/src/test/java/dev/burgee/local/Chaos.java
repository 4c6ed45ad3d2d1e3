package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static dev.burgee.local.Geography.US_EAST_2;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Faults one after the other, sometimes two at a time, never so many that some region has no tier left that could answer: a
 * region is cut off only while its own cache shows a position.
 */
final class Chaos {
    private static final int FAULT_MS_MAX = 1_500;
    private static final int QUIET_MS_MAX = 600;

    private record Fault(String name, Runnable begin, Runnable end) {}

    private final World world;
    private final Truth truth;
    private final RandomGenerator random;
    private final List<String> happened = new ArrayList<>();

    Chaos(World world, Truth truth, RandomGenerator random) {
        this.world = world;
        this.truth = truth;
        this.random = random;
    }

    /** What was done, in order. */
    synchronized List<String> happened() {
        return List.copyOf(happened);
    }

    void runUntil(CountDownLatch end) throws InterruptedException {
        while (!wait(end, QUIET_MS_MAX)) {
            List<Fault> faults = faults();
            faults.forEach(fault -> {
                note(fault.name);
                fault.begin.run();
            });
            wait(end, FAULT_MS_MAX);
            faults.forEach(fault -> fault.end.run());
            note("healed");
        }
    }

    private synchronized void note(String what) {
        happened.add(what);
    }

    private boolean wait(CountDownLatch end, int millisMax) throws InterruptedException {
        return end.await(100 + random.nextInt(millisMax), TimeUnit.MILLISECONDS);
    }

    private List<Fault> faults() {
        if (random.nextInt(4) == 0) {
            return cutOff(region());
        }
        List<Fault> faults = new ArrayList<>(List.of(cache(region())));
        if (random.nextInt(3) == 0) {
            faults.add(random.nextBoolean() ? ledger() : lag());
        }
        if (random.nextInt(6) == 0) {
            faults.add(cache(region()));
        }
        return faults;
    }

    private List<Fault> cutOff(Region region) {
        if (truth.position(region) < 0) {
            return List.of();
        }
        return List.of(new Fault(
                "isolate " + region,
                () -> world.network().isolate(region, true),
                () -> world.network().isolate(region, false)));
    }

    private Fault cache(Region region) {
        Runnable start = () -> world.caches().start(region);
        return switch (random.nextInt(4)) {
            case 0 -> new Fault("stop " + region, () -> world.caches().stop(region), start);
            case 1 ->
                new Fault("stall " + region, unlessDown(() -> world.caches().stall(region)), start);
            default ->
                new Fault("flush " + region, unlessDown(() -> world.caches().flush(region)), () -> {});
        };
    }

    /** The other fault of the moment may have got there first. */
    private static Runnable unlessDown(Runnable fault) {
        return () -> {
            try {
                fault.run();
            } catch (CacheNotRunningException e) {
                // it is lost enough
            }
        };
    }

    private Fault ledger() {
        Region region = random.nextBoolean() ? US_EAST_1 : US_EAST_2;
        return new Fault(
                "stop ledger " + region,
                () -> world.network().stopLedger(region, true),
                () -> world.network().stopLedger(region, false));
    }

    private Fault lag() {
        Region region = random.nextBoolean() ? EU_WEST_1 : AP_SOUTHEAST_1;
        return new Fault(
                "lag " + region,
                () -> world.network().lag(region, Duration.ofMillis(500)),
                () -> world.network().lag(region, Duration.ZERO));
    }

    private Region region() {
        return world.geography()
                .regions()
                .get(random.nextInt(world.geography().regions().size()));
    }
}
