package dev.burgee.local.bench;

import dev.burgee.local.MeasurePropagation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How soon a write is seen in every region of the local world, with its distances; how many reads the caches answer while
 * flags change; and what a read costs a cache's server.
 */
final class Propagate implements Section {
    private static final double P99 = 0.99;
    private static final double LIMIT_MS = 50;
    private static final double MISS_PERCENT_MAX = 6;

    @Override
    public String name() {
        return "propagation";
    }

    @Override
    public void run(Bench.Run run) {
        run.data(
                "Propagation: three and nine regions in the local world, as far apart as the real ones; one writer in the"
                        + " home region, one reading process per region, freshness window 0, over HTTP.");
        int rounds = run.quick() ? 3 : 5;
        try (var world = MeasurePropagation.start(3)) {
            beyond(run, world, "three regions", rounds, run.quick() ? 6 : 100);
            run.figure(Figure.median(
                    "cache_miss_percent",
                    "three regions",
                    "percent",
                    MISS_PERCENT_MAX,
                    IntStream.range(0, rounds)
                            .mapToObj(_ -> world.missPercent(Duration.ofSeconds(run.quick() ? 1 : 12)))
                            .toList(),
                    "reads that the ledger answered (`CacheMiss`), of all that it, a cache or memory did; each second a flag"
                            + " of 20 is changed and another invalidated"));
            run.figure(
                    Figure.median(
                            "proof_server_us",
                            "",
                            "us",
                            null,
                            IntStream.range(0, rounds)
                                    .mapToObj(_ -> world.serverMicros(run.quick() ? 200 : 3_000))
                                    .toList(),
                            "CPU of a cache's server for a read with one round trip; all that the server does meanwhile is in it"));
        }
        try (var world = MeasurePropagation.start(9)) {
            beyond(run, world, "nine regions", rounds, run.quick() ? 4 : 40);
        }
    }

    private static void beyond(Bench.Run run, MeasurePropagation world, String of, int rounds, int writes) {
        List<double[]> found = new ArrayList<>();
        List<Double> machine = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            MeasurePropagation.Seen seen = world.beyondOneWay(writes);
            machine.add(seen.machineMs());
            long[] micros = seen.beyondMs().stream()
                    .mapToLong(ms -> Math.round(ms * 1_000))
                    .toArray();
            found.add(Arrays.stream(Quantiles.of(micros, micros.length))
                    .map(us -> us / 1_000)
                    .toArray());
        }
        run.distribution("beyond the one-way time, " + of, "ms", Quantiles.medians(found));
        run.figure(Figure.median(
                "propagation_ms_p99_over_oneway",
                of,
                "ms",
                LIMIT_MS,
                found.stream().map(round -> Quantiles.pick(round, P99)).toList(),
                "p99, over all writes and regions, from the home's cache having a write to the first answer in a region that"
                        + " shows it, less the one-way time; window 0"));
        run.figure(
                Figure.median(
                        "machine_added_ms",
                        of,
                        "ms",
                        null,
                        machine,
                        "what the machine alone may have added meanwhile to an answer, in the mean: how late it wakes ten threads"));
    }
}
