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
        int rounds = run.quick() ? 1 : 5;
        try (var world = MeasurePropagation.start(3)) {
            beyond(run, world, "three regions", rounds, run.quick() ? 6 : 100);
            if (!run.quick()) {
                run.figure(Figure.median(
                        "cache_miss_percent",
                        "three regions",
                        "percent",
                        MISS_PERCENT_MAX,
                        IntStream.range(0, rounds)
                                .mapToObj(_ -> world.missPercent(Duration.ofSeconds(12)))
                                .toList(),
                        "reads that the ledger answered (`CacheMiss`), of all that it, a cache or memory did; each second a flag"
                                + " of 20 is changed and another invalidated"));
                load(run, world, rounds);
            }
        }
        try (var world = MeasurePropagation.start(9)) {
            beyond(run, world, "nine regions", rounds, run.quick() ? 4 : 40);
        }
    }

    /** What growth is reckoned with. */
    private static void load(Bench.Run run, MeasurePropagation world, int rounds) {
        List<MeasurePropagation.Load> loads =
                IntStream.range(0, rounds).mapToObj(_ -> world.load(3_000)).toList();
        beside(
                run,
                "proof_server_us",
                "us",
                loads.stream().map(MeasurePropagation.Load::serverMicros).toList(),
                "CPU of a cache's server for a read with one round trip; all that the server does meanwhile is in it");
        beside(
                run,
                "connections_per_reader",
                "count",
                loads.stream().map(MeasurePropagation.Load::connections).toList(),
                "connections of one reading process to its region's cache");
        beside(
                run,
                "replication_bytes_per_write",
                "bytes",
                IntStream.range(0, rounds)
                        .mapToObj(_ -> world.replicationBytes(50))
                        .toList(),
                "from the home's cache to each replica for a change of a flag of 0.1 KiB");
    }

    private static void beside(Bench.Run run, String name, String unit, List<Double> rounds, String says) {
        run.figure(Figure.median(name, "", unit, null, rounds, says));
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
