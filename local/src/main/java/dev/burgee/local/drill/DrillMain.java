package dev.burgee.local.drill;

import dev.burgee.local.LocalWorld;
import dev.burgee.local.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command behind {@code scripts/drill}: drills, and a report. */
public final class DrillMain {
    private static final int USAGE_ERROR = 2;
    private static final int FAILURE = 1;
    /** Short enough to be typed again. */
    private static final long SEED_BOUND = 1_000_000;

    private final PrintStream out;
    private final PrintStream err;

    DrillMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        int status = new DrillMain(System.out, System.err).run(List.of(arguments));
        // the servers of the world have threads of their own
        System.exit(status);
    }

    /** Answers the exit status: 0 when all targets are met, 1 when not, 2 for a command line that cannot be run. */
    int run(List<String> arguments) {
        return switch (DrillOptions.parse(arguments)) {
            case DrillOptions.Parsed.Help _ -> {
                out.print(DrillOptions.USAGE);
                yield 0;
            }
            case DrillOptions.Parsed.Bad(String message) -> {
                err.println("scripts/drill: " + message);
                yield USAGE_ERROR;
            }
            case DrillOptions.Parsed.Run(DrillOptions options) -> run(options);
        };
    }

    private int run(DrillOptions options) {
        try {
            Files.createDirectories(options.out());
            return drill(options) ? 0 : FAILURE;
        } catch (IOException e) {
            err.println("scripts/drill: " + options.out() + " cannot be written: " + e.getMessage());
            return FAILURE;
        } catch (RuntimeException e) {
            err.println("scripts/drill: the world failed: " + e);
            return FAILURE;
        }
    }

    private boolean drill(DrillOptions options) throws IOException {
        long first = options.seed() == null ? System.currentTimeMillis() % SEED_BOUND : options.seed();
        var report = new Report(Machine.describe());
        List<Result> results = new ArrayList<>();
        @Nullable LocalWorld world = null;
        try {
            for (int i = 0; i < options.count(); i++) {
                if (world == null) {
                    world = LocalWorld.start(
                            options.regions(), Duration.ofSeconds(options.pulseS()), options.flags(), this::say);
                }
                Result result = drill(DrillPlan.of(options, first + i), world);
                results.add(result);
                write(
                        options.out(),
                        "drill-" + result.plan().seed(),
                        report.markdown(result),
                        report.json(List.of(result)));
                out.println(report.markdown(result));
                if (!result.passed()) {
                    Path logs = options.out().resolve("drill-" + result.plan().seed() + ".log");
                    Files.write(logs, world.logs());
                    say("the functions' log lines are in " + logs);
                    // what went wrong is not to spoil the next one
                    world.close();
                    world = null;
                }
            }
        } finally {
            if (world != null) {
                world.close();
            }
        }
        if (options.count() > 1) {
            write(options.out(), "summary", report.summary(results), report.json(results));
            out.println(report.summary(results));
        }
        return results.stream().allMatch(Result::passed);
    }

    private Result drill(DrillPlan plan, LocalWorld world) {
        say("drill " + plan.seed() + ": " + plan.command());
        Instant began = Instant.now();
        Result result = Result.of(plan, began, Drill.run(plan, world.control(), this::say));
        say("drill " + plan.seed() + (result.passed() ? " passed" : " FAILED: " + result.missed()));
        return result;
    }

    private void write(Path folder, String name, String markdown, String json) throws IOException {
        Files.writeString(folder.resolve(name + ".md"), markdown);
        Files.writeString(folder.resolve(name + ".json"), json);
        say("written to " + folder.resolve(name + ".md") + " and .json");
    }

    private void say(String step) {
        err.println(step);
        err.flush();
    }
}
