package dev.burgee.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.burgee.flag.Flag;
import dev.burgee.servers.RedisNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;

/** What flags take in a real server, as they are stored and as they would be without compression: {@code scripts/measure --memory}. */
final class MeasureMemory {
    private static final long SEED = 42;
    private static final int FLAGS = 200;
    private static final List<Double> KIBS = List.of(0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 63.5);
    /** A project as they are: of 1,000 flags most are switches. */
    private static final int[] MIX = {700, 120, 80, 50, 25, 12, 8, 4, 1};

    private static final int WARM = 20;

    private MeasureMemory() {}

    /** The page's path. */
    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[0]);
        List<String> page = new ArrayList<>(List.of(
                "# Memory of a cache",
                "",
                "Made by `scripts/measure --memory`: the same documents each time (seed " + SEED + "), " + FLAGS
                        + " per row, in a real Redis 7.0",
                "server; sizes are its own word (`MEMORY USAGE` of the whole hash, per flag), so that they hold for any machine.",
                "The times are this one's. Documents look as flagd's examples and real rollouts do: switches, and rules by mail",
                "domain, version, country and share; long ones are long by lists of tenants (UUIDs) and of users (mail addresses).",
                "Compression is by LZ4, over " + DataKind.FLAG.compressedOver().orElseThrow()
                        + " bytes, and only where it makes a field smaller ([the policies](architecture.md#what-a-cache-holds)).",
                "",
                "| document, KiB | bytes | stored, bytes | without compression, bytes | memory saved | written in, µs | read in, µs |",
                "|---|---|---|---|---|---|---|"));
        var flags = new RealisticFlags(SEED);
        List<Flag> mix = new ArrayList<>();
        try (var node = new RedisNode("memory", 0, "burgee", "secret")) {
            node.start();
            try (var bench = new CacheBench(node)) {
                for (int i = 0; i < KIBS.size(); i++) {
                    int bytes = (int) (KIBS.get(i) * 1_024);
                    List<Flag> same = Stream.generate(() -> flags.ofAbout(bytes))
                            .limit(FLAGS)
                            .toList();
                    page.add(row(String.valueOf(KIBS.get(i)), same, bench.redis()));
                    mix.addAll(Stream.generate(() -> flags.ofAbout(bytes))
                            .limit(MIX[i])
                            .toList());
                }
                page.add("");
                page.add("A project of 1,000 flags, most of them switches ("
                        + String.join(
                                ", ",
                                Stream.iterate(0, i -> i < MIX.length, i -> i + 1)
                                        .map(i -> MIX[i] + " of " + KIBS.get(i) + " KiB")
                                        .toList())
                        + "), on the average:");
                page.add("");
                page.add(page.get(8));
                page.add(page.get(9));
                page.add(row("mixed", mix, bench.redis()));
            }
        }
        page.forEach(System.out::println);
        Files.writeString(path, String.join("\n", page) + "\n");
    }

    private static String row(String name, List<Flag> flags, RedisClient redis) {
        List<byte[]> stored =
                flags.stream().map(flag -> FieldFormat.encode(flag.live())).toList();
        List<byte[]> plain = flags.stream()
                .map(flag -> ("1 d " + flag.version() + "\n" + flag.json()).getBytes(UTF_8))
                .toList();
        long packedBytes = memory(flags, stored, redis);
        long plainBytes = memory(flags, plain, redis);
        double bytes = flags.stream().mapToInt(RealisticFlags::size).average().orElseThrow();
        double writeMicros =
                micros(flags.size(), i -> FieldFormat.encode(flags.get(i).live()).length);
        double readMicros =
                micros(flags.size(), i -> FieldFormat.decode(stored.get(i)).hashCode());
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %d | %d | %.0f %% | %.1f | %.1f |",
                name,
                bytes,
                packedBytes / flags.size(),
                plainBytes / flags.size(),
                100.0 * (plainBytes - packedBytes) / plainBytes,
                writeMicros,
                readMicros);
    }

    private static long memory(List<Flag> flags, List<byte[]> values, RedisClient redis) {
        redis.executeCommand(new CommandArguments(Command.DEL).add("measured"));
        for (int i = 0; i < flags.size(); i++) {
            redis.executeCommand(new CommandArguments(Command.HSET)
                    .add("measured")
                    .add(CacheFields.flag(flags.get(i).key()))
                    .add(values.get(i)));
        }
        Object answer = redis.executeCommand(new CommandArguments(Command.MEMORY)
                .add("USAGE")
                .add("measured")
                .add("SAMPLES")
                .add("0"));
        return answer instanceof Long bytes ? bytes : -1;
    }

    private interface Step {
        int run(int i);
    }

    /** The median. */
    private static double micros(int count, Step step) {
        List<Double> times = new ArrayList<>();
        long used = 0;
        for (int round = 0; round < WARM + 5; round++) {
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                used += step.run(i);
                if (round >= WARM) {
                    times.add((System.nanoTime() - start) / 1e3);
                }
            }
        }
        if (used == Long.MIN_VALUE) {
            throw new AssertionError("nothing was used");
        }
        return times.stream().sorted().toList().get(times.size() / 2);
    }
}
