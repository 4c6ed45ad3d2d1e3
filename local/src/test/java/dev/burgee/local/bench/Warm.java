package dev.burgee.local.bench;

import dev.burgee.local.DevKey;
import dev.burgee.local.SecretsStandIn;
import dev.burgee.region.Region;
import dev.burgee.servers.DynamoNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a warm function beside a plain GET. The servers are here; what is timed runs in a process of its own ({@link
 * WarmProcess}), one after the other with the full compiler and with C1 alone.
 */
final class Warm implements Section {
    private static final List<Integer> FLAGS = List.of(10, 100, 1_000, 10_000);
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;

    @Override
    public String name() {
        return "warm";
    }

    @Override
    public void run(Bench.Run run) throws IOException {
        List<WarmWorld> worlds = new ArrayList<>();
        try (DynamoNode dynamo = DynamoNode.start();
                SecretsStandIn secrets = SecretsStandIn.start(new Region("us-east-1"))) {
            secrets.put(WarmAddress.KEYS_SECRET, DevKey.secret());
            for (int flags : flags(run)) {
                run.say("making " + flags + " flags");
                worlds.add(WarmWorld.start(flags, dynamo, secrets.endpoint().getPort()));
            }
            run.machine("redis", worlds.getFirst().redisVersion());
            run.data(
                    "Warm reads: caches of 10, 100, 1,000 and 10,000 made-up flags (mostly switches, one in five with rules);"
                            + " the one that is read has "
                            + worlds.getFirst().document().length()
                            + " characters; caches, ledger and readers are on this machine, on the loopback, without TLS.");
            full(run, measured(run, worlds, List.of()));
            if (!run.quick()) {
                c1(run, measured(run, worlds, List.of("-XX:TieredStopAtLevel=1")));
            }
        } finally {
            worlds.forEach(WarmWorld::close);
        }
    }

    private static void full(Bench.Run run, Map<String, List<double[]>> times) {
        String over =
                " of a read with its round trip to the replica, from the parsed event to the response object, over that"
                        + " of a bare Jedis GET of the same document";
        ratio(run, times, "read_warm_ratio_p50", 1.15, "replica", "bare GET", P50, "p50" + over);
        ratio(run, times, "read_warm_ratio_p99", 1.3, "replica", "bare GET", P99, "p99" + over);
        run.figure(Figure.median(
                "read_memory_us_p50",
                "",
                "us",
                2.0,
                times(times, "memory", P50),
                "p50 of a read within the freshness window"));
        ratio(
                run,
                times,
                "list_10k_unchanged_ratio",
                1.1,
                "list 10000",
                "read 10000",
                P50,
                "a list of 10,000 flags that did not change, over a read of one, both with the round trip");
        growth(run, times);
        if (!run.quick()) {
            stream(run, times, "");
        }
        for (String name : run.quick()
                ? List.of("bare GET", "memory", "replica")
                : List.of("bare GET", "memory", "replica", "primary", "database")) {
            run.distribution(name, "us", Quantiles.medians(all(times, name)));
        }
    }

    private static List<Integer> flags(Bench.Run run) {
        return run.quick() ? List.of(FLAGS.getFirst(), FLAGS.getLast()) : FLAGS;
    }

    /**
     * Each number of flags has a server of its own, and where the machine runs it may double all its answers: so what a
     * read takes longer than a bare GET from the same server is compared, on top of one and the same GET.
     */
    private static void growth(Bench.Run run, Map<String, List<double[]>> times) {
        List<Double> many = times(times, "read 10000", P50);
        List<Double> manyBare = times(times, "GET 10000", P50);
        List<Double> few = times(times, "read 10", P50);
        List<Double> fewBare = times(times, "GET 10", P50);
        List<Double> rounds = new ArrayList<>();
        for (int i = 0; i < many.size(); i++) {
            rounds.add((many.get(i) - manyBare.get(i) + fewBare.get(i)) / few.get(i));
        }
        run.figure(
                Figure.median(
                        "growth_read_10k_over_10",
                        "",
                        "ratio",
                        1.05,
                        rounds,
                        "a read among 10,000 flags over a read among 10; what a bare GET from the same server takes is set alike"));
        for (String what : List.of("read", "GET")) {
            Map<Integer, Double> growth = new TreeMap<>();
            flags(run).forEach(flags -> growth.put(flags, Quantiles.median(times(times, what + " " + flags, P50))));
            run.growth(what.equals("read") ? "read, one round trip" : "bare GET from the same server", "us", growth);
        }
    }

    /** What Lambda's own choice of compiler would make of it: the function's JVM starts with C1 alone. */
    private static void c1(Bench.Run run, Map<String, List<double[]>> times) {
        String says = "the same with C1 alone (-XX:TieredStopAtLevel=1)";
        ratio(run, times, "read_warm_ratio_p50_c1", null, "replica", "bare GET", P50, says);
        ratio(run, times, "read_warm_ratio_p99_c1", null, "replica", "bare GET", P99, says);
        run.figure(Figure.median("read_memory_us_p50_c1", "", "us", null, times(times, "memory", P50), says));
        stream(run, times, "_c1");
    }

    private static void stream(Bench.Run run, Map<String, List<double[]>> times, String suffix) {
        String says = "the same from the event's bytes to the answer's";
        ratio(run, times, "read_warm_stream_ratio_p50" + suffix, null, "stream", "GET beside the stream", P50, says);
        ratio(run, times, "read_warm_stream_ratio_p99" + suffix, null, "stream", "GET beside the stream", P99, says);
    }

    private static void ratio(
            Bench.Run run,
            Map<String, List<double[]>> times,
            String name,
            @Nullable Double limit,
            String above,
            String below,
            double quantile,
            String says) {
        run.figure(Figure.median(name, "", "ratio", limit, ratios(times, above, below, quantile), says));
    }

    /** Round by round. */
    private static List<Double> ratios(Map<String, List<double[]>> times, String above, String below, double quantile) {
        List<Double> upper = times(times, above, quantile);
        List<Double> lower = times(times, below, quantile);
        List<Double> rounds = new ArrayList<>();
        for (int i = 0; i < upper.size(); i++) {
            rounds.add(upper.get(i) / lower.get(i));
        }
        return rounds;
    }

    private static List<Double> times(Map<String, List<double[]>> times, String name, double quantile) {
        return all(times, name).stream()
                .map(round -> Quantiles.pick(round, quantile))
                .toList();
    }

    private static List<double[]> all(Map<String, List<double[]>> times, String name) {
        List<double[]> rounds = times.get(name);
        if (rounds == null) {
            throw new IllegalStateException("nothing was measured as \"" + name + "\", only " + times.keySet());
        }
        return rounds;
    }

    /** The quantiles in microseconds, round by round, by what was measured. */
    private static Map<String, List<double[]>> measured(Bench.Run run, List<WarmWorld> worlds, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        // compiled when it is due, and not when a busy machine gets to it: else it is the interpreter that is measured
        command.add("-Xbatch");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WarmProcess.class.getName()));
        command.add(run.quick() ? "quick" : "full");
        worlds.forEach(world -> command.add(world.address().text()));
        run.say("measuring " + (options.isEmpty() ? "with the full compiler" : String.join(" ", options)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, List<double[]>> times = new LinkedHashMap<>();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                WarmProcess.read(line, times);
            }
        } finally {
            process.destroy();
        }
        return times;
    }
}
