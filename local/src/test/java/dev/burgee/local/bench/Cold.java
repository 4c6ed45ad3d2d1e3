package dev.burgee.local.bench;

import dev.burgee.local.PackagedWorld;
import dev.burgee.local.runtime.FunctionProcess;
import dev.burgee.local.runtime.PackagedFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * First answers of fresh processes: the packaged functions, and a baseline with the usual libraries, each under AWS's runtime
 * interface client with the options of template.yaml; and first answers after a simulated restore.
 */
final class Cold implements Section {
    /** What a busy machine may take longer, so that nothing else is measured than what is said. */
    private static final Map<String, String> LIMITS = Map.of(
            "/burgee/local/limits/local-connect-ms", "1000",
            "/burgee/local/limits/local-read-ms", "200",
            "/burgee/local/limits/aws-call-ms", "4000");

    private static final String PREFIX = "burgee-";
    private static final String READ = "burgee-read-flag";
    private static final String WRITE = "burgee-write-flag";
    private static final String PULSE = "burgee-region-pulse";
    private static final double MB = 1e6;
    private static final double SERVING_MB_MAX = 12;
    private static final double OTHERS_MB_MAX = 20;
    private static final double RATIO_MAX = 0.5;
    private static final double RESTORE_MS_MAX = 10;

    /** A function, an event for it, and its starts so far. */
    private record Candidate(String name, FunctionProcess.Plan plan, String event, List<ColdStart> starts) {
        Candidate(String name, FunctionProcess.Plan plan, String event) {
            this(name, plan, event, new ArrayList<>());
        }

        boolean isCompared() {
            return name.equals(READ) || name.equals(PackagedWorld.BASELINE);
        }
    }

    @Override
    public String name() {
        return "cold";
    }

    @Override
    public void run(Bench.Run run) throws IOException {
        Path folder = Files.createTempDirectory("burgee-bench");
        try (PackagedWorld world = PackagedWorld.start(folder, LIMITS)) {
            world.seed();
            Map<String, String> events = world.events();
            List<Candidate> all = new ArrayList<>();
            for (String name : world.functions().names()) {
                all.add(new Candidate(name, world.functions().plan(name), events.getOrDefault(name, "{}")));
            }
            all.add(new Candidate(
                    PackagedWorld.BASELINE, world.unpackBaseline(), events.getOrDefault(PackagedWorld.BASELINE, "{}")));
            run.data(
                    "Cold starts: fresh JVMs under AWS's runtime interface client, a cache of one flag, secrets, caches and"
                            + " ledger on the loopback of this machine without TLS; the baseline (local/baseline) does the same read.");
            artifacts(run, world.functions());
            starts(run, all);
            restores(run, all);
            if (!run.quick()) {
                profile(run, named(READ, all), Timeline.READ, folder);
                profile(run, named(PackagedWorld.BASELINE, all), Timeline.BASELINE, folder);
            }
        } finally {
            delete(folder);
        }
    }

    private static void artifacts(Bench.Run run, PackagedFunctions functions) throws IOException {
        for (String name : functions.names()) {
            double mb = Files.size(PackagedFunctions.ROOT.resolve(
                            functions.function(name).zip()))
                    / MB;
            boolean serves = name.equals(READ) || name.equals(WRITE);
            run.figure(new Figure(
                    "artifact_mb",
                    shortName(name),
                    mb,
                    "mb",
                    serves ? SERVING_MB_MAX : OTHERS_MB_MAX,
                    List.of(mb),
                    "the zip that is deployed, in millions of bytes"));
        }
    }

    private static void starts(Bench.Run run, List<Candidate> all) {
        int rounds = run.quick() ? 2 : 9;
        Random order = new Random(1);
        for (int round = 0; round < rounds; round++) {
            run.say("cold starts, round " + (round + 1) + " of " + rounds);
            List<Candidate> shuffled = new ArrayList<>(all);
            if (run.quick()) {
                shuffled.removeIf(each -> !each.isCompared());
            }
            Collections.shuffle(shuffled, order);
            shuffled.forEach(each -> each.starts().add(ColdStart.of(each.plan(), each.event())));
        }
        for (Candidate each :
                run.quick() ? all.stream().filter(Candidate::isCompared).toList() : all) {
            figure(run, "cold_init_ms", each, "ms", ColdStart::initMs, "a process's start until it asks for an event");
            figure(run, "cold_first_ms", each, "ms", ColdStart::firstMs, "the first event's arrival until its answer");
            figure(run, "cold_cpu_ms", each, "ms", ColdStart::cpuMs, "processor time of all threads by then");
            figure(run, "cold_rss_mb", each, "mb", ColdStart::rssMb, "memory by then, in millions of bytes");
        }
        String over = "read-flag's over the baseline's: ";
        ratio(
                run,
                "cold_ratio",
                RATIO_MAX,
                all,
                ColdStart::wholeMs,
                over + "the start of a process to its first answer");
        ratio(
                run,
                "cold_cpu_ratio",
                null,
                all,
                ColdStart::cpuMs,
                over + "processor time, less disturbed by other programs");
    }

    private static void restores(Bench.Run run, List<Candidate> all) {
        int rounds = run.quick() ? 2 : 7;
        for (String name : run.quick() ? List.of(READ) : List.of(READ, WRITE, PULSE)) {
            Candidate candidate = named(name, all);
            run.say("restores of " + shortName(name));
            List<ColdStart.Restored> restored = IntStream.range(0, rounds)
                    .mapToObj(_ -> ColdStart.restored(candidate.plan(), candidate.event()))
                    .toList();
            run.figure(Figure.median(
                    "restore_first_ms",
                    shortName(name),
                    "ms",
                    name.equals(READ) ? RESTORE_MS_MAX : null,
                    restored.stream().map(ColdStart.Restored::firstMs).toList(),
                    "after a simulated restore, the first event's arrival until its answer"));
            run.figure(Figure.median(
                    "restore_hooks_ms",
                    shortName(name),
                    "ms",
                    null,
                    restored.stream().map(ColdStart.Restored::afterRestoreMs).toList(),
                    "afterRestore: from a simulated restore until the process asks for an event"));
        }
    }

    private static void profile(Bench.Run run, Candidate of, List<Timeline.Mark> marks, Path folder)
            throws IOException {
        List<Timeline> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(Timeline.of(of.plan(), of.event(), marks, folder));
        }
        run.profile(
                shortName(of.name()),
                "first answer of a cold " + shortName(of.name()) + ", "
                        + all.getFirst().classes() + " classes",
                Timeline.median(all));
    }

    private static Candidate named(String name, List<Candidate> all) {
        return all.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no " + name));
    }

    private static void figure(
            Bench.Run run, String figure, Candidate of, String unit, ToDoubleFunction<ColdStart> value, String says) {
        List<Double> rounds = of.starts().stream().map(value::applyAsDouble).toList();
        run.figure(Figure.median(figure, shortName(of.name()), unit, null, rounds, says));
    }

    /** Round by round, whose two processes started soon after each other. */
    private static void ratio(
            Bench.Run run,
            String figure,
            @Nullable Double limit,
            List<Candidate> all,
            ToDoubleFunction<ColdStart> value,
            String says) {
        List<ColdStart> ours = named(READ, all).starts();
        List<ColdStart> theirs = named(PackagedWorld.BASELINE, all).starts();
        List<Double> rounds = IntStream.range(0, ours.size())
                .mapToObj(i -> value.applyAsDouble(ours.get(i)) / value.applyAsDouble(theirs.get(i)))
                .toList();
        run.figure(Figure.median(figure, "", "ratio", limit, rounds, says));
    }

    private static String shortName(String function) {
        return function.startsWith(PREFIX) ? function.substring(PREFIX.length()) : function;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
