package dev.burgee.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What the command line says. Immutable. */
record LocalOptions(int regions, int port, boolean distances, Seed seed, Duration pulse, boolean quiet) {
    static final String USAGE = """
            usage: scripts/local [options]

            Starts Burgee's whole world on this machine and keeps it until Ctrl-C: a real Redis per
            region, DynamoDB Local as the ledger, and the functions as they ship, behind HTTP.

              --regions N              how many regions, 1 to %d (default 3)
              --port BASE              control at BASE, the regions from BASE+1 on (default 8100)
              --latency none|real      regions next door, or as far apart as the real ones (default real)
              --pulse SECONDS          how often each region's pulse and failover functions run, 1 to %d (default 60)
              --seed-flags FILE|COUNT  begin with the flags of a flagd file, or with so many made-up ones
              --quiet                  no live table; there is none either where the output is no terminal
              --help                   this text

            The page for people is at BASE, in a browser. Control (POST unless it says otherwise), at BASE:
              GET /status, /events, /logs, /metrics         what is, was delivered, logged, measured
              /regions/R/cache/stop|start|stall|flush       lose, restart, hang, empty a region's cache
              /regions/R/isolate|heal                       cut a region off from all others
              /regions/R/ledger/stop|start                  one region of the ledger refuses
              /regions/R/lag?ms=N                           delay replication into a region
              /promote/R, /promote/R?silent=true            what ElastiCache does; silent: without its event
              /events/R                                     publish the body to R's failover function
              /dns/refuse|allow                             Route 53's control plane is down
              DELETE /faults                                heal everything
              /quit                                         end, as Ctrl-C does

            Variables that begin with BURGEE_ reach the functions, for example
            BURGEE_FRESHNESS_WINDOW_MS=0 scripts/local
            """.formatted(Geography.REGIONS_MAX, 3600);

    private static final int REGIONS_DEFAULT = 3;
    private static final int PORT_DEFAULT = 8100;
    private static final int PORT_MIN = 1024;
    private static final int PORT_MAX = 65_535;
    private static final int PULSE_SECONDS_MAX = 3_600;
    private static final int SEED_MAX = 100_000;

    /** What came of reading a command line. */
    sealed interface Parsed {
        /** To be run. */
        record Run(LocalOptions options) implements Parsed {}

        /** Asks for {@link #USAGE}. */
        record Help() implements Parsed {}

        /** Cannot be run: the fault, the value and the rule. */
        record Bad(String message) implements Parsed {}
    }

    /** Reads a command line. */
    static Parsed parse(List<String> arguments) {
        var options =
                new LocalOptions(REGIONS_DEFAULT, PORT_DEFAULT, true, new Seed.Nothing(), WorldOptions.PULSE, false);
        Deque<String> left = new ArrayDeque<>(arguments);
        try {
            while (!left.isEmpty()) {
                String option = left.removeFirst();
                if (option.equals("--help") || option.equals("-h")) {
                    return new Parsed.Help();
                }
                int equals = option.indexOf('=');
                if (option.startsWith("--") && equals > 0) {
                    left.addFirst(option.substring(equals + 1));
                    option = option.substring(0, equals);
                }
                options = options.with(option, left);
            }
            int portMax = PORT_MAX - options.regions;
            if (options.port > portMax) {
                throw new BadParameterException("--port is \"" + options.port + "\", but must be a whole number from "
                        + PORT_MIN + " to " + portMax + ", so that each region has a port after it");
            }
            return new Parsed.Run(options);
        } catch (BadParameterException e) {
            return new Parsed.Bad(String.valueOf(e.getMessage()));
        }
    }

    private LocalOptions with(String option, Deque<String> left) {
        return switch (option) {
            case "--regions" ->
                new LocalOptions(
                        number(option, value(option, left), 1, Geography.REGIONS_MAX),
                        port,
                        distances,
                        seed,
                        pulse,
                        quiet);
            case "--port" ->
                new LocalOptions(
                        regions,
                        number(option, value(option, left), PORT_MIN, PORT_MAX),
                        distances,
                        seed,
                        pulse,
                        quiet);
            case "--latency" -> new LocalOptions(regions, port, latency(value(option, left)), seed, pulse, quiet);
            case "--seed-flags" -> new LocalOptions(regions, port, distances, seed(value(option, left)), pulse, quiet);
            case "--pulse" ->
                new LocalOptions(
                        regions,
                        port,
                        distances,
                        seed,
                        Duration.ofSeconds(number(option, value(option, left), 1, PULSE_SECONDS_MAX)),
                        quiet);
            case "--quiet" -> new LocalOptions(regions, port, distances, seed, pulse, true);
            default -> throw new BadParameterException("\"" + option + "\" is no option; --help lists them");
        };
    }

    private static String value(String option, Deque<String> left) {
        String value = left.pollFirst();
        if (value == null) {
            throw new BadParameterException(option + " needs a value; --help says which");
        }
        return value;
    }

    private static boolean latency(String value) {
        return switch (value) {
            case "real" -> true;
            case "none" -> false;
            default -> throw new BadParameterException("--latency is \"" + value + "\", but must be none or real");
        };
    }

    private static int number(String option, String value, int min, int max) {
        if (!value.matches("[0-9]{1,6}") || Integer.parseInt(value) < min || Integer.parseInt(value) > max) {
            throw new BadParameterException(
                    option + " is \"" + value + "\", but must be a whole number from " + min + " to " + max);
        }
        return Integer.parseInt(value);
    }

    private static Seed seed(String value) {
        if (value.matches("-?[0-9]+")) {
            return new Seed.MadeUp(number("--seed-flags", value, 1, SEED_MAX));
        }
        Path file = Path.of(value);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new BadParameterException("--seed-flags is \"" + value
                    + "\", but must be a readable flagd file or a whole number from 1 to " + SEED_MAX);
        }
        return new Seed.File(file);
    }
}
