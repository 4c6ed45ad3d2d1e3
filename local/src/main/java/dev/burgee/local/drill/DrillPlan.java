package dev.burgee.local.drill;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One drill, with everything drawn that its seed decides. Immutable.
 *
 * @param promoted which of the surviving regions, in their order from 0
 * @param hung whether a lost cache hangs instead of being stopped
 */
record DrillPlan(
        DrillOptions options, long seed, Lost lost, boolean silent, boolean dnsRefused, int promoted, boolean hung) {

    /** The same for the same options and seed; what the options give is not drawn. */
    static DrillPlan of(DrillOptions options, long seed) {
        // seeds that follow each other give draws that have nothing to do with each other
        RandomGenerator random = new SplittableRandom(seed);
        Lost lost = List.of(Lost.values()).get(random.nextInt(Lost.values().length));
        boolean silent = random.nextBoolean();
        boolean dnsRefused = random.nextInt(3) == 0;
        int promoted = random.nextInt(options.regions() - 1);
        boolean hung = random.nextBoolean();
        boolean draws = options.count() > 1;
        return new DrillPlan(
                options,
                seed,
                options.lost() == null ? lost : options.lost(),
                options.silent() == null ? draws && silent : options.silent(),
                options.dnsRefused() == null ? draws && dnsRefused : options.dnsRefused(),
                promoted,
                hung);
    }

    /** Without an event a promotion is found by the next pulse. */
    long visibleMaxMs() {
        return silent ? options.pulseS() * 1_000L + 5_000 : 3_000;
    }

    /** A pulse, the change's own time at Route 53, and the caller's patience. */
    long recordMaxMs() {
        return options.pulseS() * 1_000L + 10_000;
    }

    /** The command that runs this one alone. */
    String command() {
        return "scripts/drill --regions " + options.regions() + " --seed " + seed + " --lost " + lost.text()
                + (silent ? " --silent" : "") + (dnsRefused ? " --dns-refused" : "") + " --duration "
                + options.durationS() + " --pulse " + options.pulseS() + " --writes " + options.writes() + " --flags "
                + options.flags();
    }

    /** What is special about it, in a few words. */
    List<String> words() {
        return List.of(
                lost == Lost.CACHE ? (hung ? "cache hangs" : "cache stopped") : lost.text() + " lost",
                silent ? "no event" : "event",
                dnsRefused ? "Route 53 refuses" : "Route 53 up");
    }
}
