package dev.burgee.local;

import dev.burgee.region.Region;
import java.io.Console;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The command behind {@code scripts/local}: starts a world, says where everything is, and stays until it is ended. */
public final class LocalMain {
    private static final int USAGE_ERROR = 2;
    private static final int FAILURE = 1;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final Functions functions;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();

    /**
     * The command.
     *
     * @param terminal whether {@code out} is one, in which what was printed can be printed over
     */
    LocalMain(
            PrintStream out, PrintStream err, Map<String, String> environment, Functions functions, boolean terminal) {
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.functions = functions;
        this.terminal = terminal;
    }

    /** Runs until Ctrl-C, SIGTERM or {@code POST /quit}. */
    public static void main(String[] arguments) {
        var main = new LocalMain(System.out, System.err, System.getenv(), Functions.shipped(), atTerminal());
        int status = main.run(List.of(arguments));
        // the world's servers have threads of their own; everything that must end in order has ended
        System.exit(status);
    }

    /** Answers the exit status: 0 after it was asked to end, 2 for a command line that cannot be run. */
    int run(List<String> arguments) {
        return switch (LocalOptions.parse(arguments)) {
            case LocalOptions.Parsed.Help _ -> {
                out.print(LocalOptions.USAGE);
                yield 0;
            }
            case LocalOptions.Parsed.Bad(String message) -> {
                err.println("scripts/local: " + message);
                yield USAGE_ERROR;
            }
            case LocalOptions.Parsed.Run(LocalOptions options) -> runWorld(options);
        };
    }

    private int runWorld(LocalOptions options) {
        try (World world = World.start(worldOptions(options), this::say)) {
            new Seeder(world.baseUri(world.geography().home()), this::say).sow(options.seed());
            say("ready");
            out.print(guide(world));
            out.flush();
            awaitQuit(world, options.quiet());
            say("ending");
            return 0;
        } catch (PortTakenException | SeedException e) {
            err.println("scripts/local: " + e.getMessage());
            return FAILURE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILURE;
        }
    }

    private void awaitQuit(World world, boolean quiet) throws InterruptedException {
        if (quiet || !terminal) {
            world.awaitQuit();
            return;
        }
        out.println();
        try (LiveView _ = LiveView.start(world, out)) {
            world.awaitQuit();
        }
    }

    private static boolean atTerminal() {
        // Java 22 to 24 have a console that is no terminal, others have none then
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private WorldOptions worldOptions(LocalOptions options) {
        Map<String, String> passedOn = environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("BURGEE_"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new WorldOptions(
                options.regions(),
                options.port(),
                options.distances(),
                passedOn,
                WorldOptions.ENVIRONMENTS_MAX,
                options.pulse(),
                functions);
    }

    private void say(String step) {
        double seconds = Duration.ofNanos(System.nanoTime() - startNanos).toMillis() / 1000.0;
        out.printf(Locale.ROOT, "[%5.1f s] %s%n", seconds, step);
        out.flush();
    }

    private static String guide(World world) {
        var text = new StringBuilder(2_000);
        List<Region> regions = world.geography().regions();
        text.append('\n');
        for (Region region : regions) {
            String role = region.equals(world.geography().home()) ? "  (home)" : "";
            text.append("  %-16s %s%s%n".formatted(region, world.baseUri(region), role));
        }
        text.append("  %-16s %s/  in a browser%n".formatted("the page", world.control()));
        text.append("  %-16s %s%n".formatted("control", world.control()));
        text.append("  %-16s %s%n".formatted("AWS APIs", world.aws()));
        text.append("%n  keys: %s (admin and read), %s (read)%n%n".formatted(DevKey.ADMIN.text(), DevKey.READ.text()));
        text.append("Try, for example:\n\n");
        URI first = world.baseUri(regions.get(Math.min(1, regions.size() - 1)));
        URI second = world.baseUri(regions.getLast());
        text.append("""
                curl -i -X PUT %1$s/api/admin/flags/new-checkout -H 'Authorization: Bearer %4$s' \\
                  -H 'Content-Type: application/json' \\
                  -d '{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off"}'
                curl -i %2$s/api/config/flags/new-checkout -H 'Authorization: Bearer %5$s'
                curl -i -X PATCH %1$s/api/admin/flags/new-checkout -H 'Authorization: Bearer %4$s' \\
                  -H 'Content-Type: application/json' -d '{"defaultVariant":"on"}'
                curl %3$s/status
                curl -X POST %3$s/regions/%6$s/cache/stop
                curl -X DELETE %3$s/faults

                Lose the home, promote another region, and let the lost one come back:

                curl -X POST %3$s/regions/%7$s/isolate
                curl -X POST %3$s/promote/%6$s
                curl %3$s/status; curl %3$s/events
                curl -X DELETE %3$s/faults

                Ctrl-C ends it.
                """.formatted(
                        first,
                        second,
                        world.control(),
                        DevKey.ADMIN.text(),
                        DevKey.READ.text(),
                        regions.getLast(),
                        regions.getFirst()));
        return text.toString();
    }
}
