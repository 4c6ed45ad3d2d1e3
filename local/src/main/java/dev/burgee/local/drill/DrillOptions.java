package dev.burgee.local.drill;

import dev.burgee.local.LocalWorld;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says. Immutable.
 *
 * @param seed of the first drill; null: from the clock
 * @param lost null: drawn from the seed
 * @param silent null: not given
 * @param dnsRefused null: not given
 * @param durationS of each phase of steady load
 * @param writes a second, of all regions together
 */
record DrillOptions(
        int regions,
        @Nullable Long seed,
        @Nullable Lost lost,
        @Nullable Boolean silent,
        @Nullable Boolean dnsRefused,
        int durationS,
        int pulseS,
        int writes,
        int flags,
        int count,
        Path out) {
    private static final int REGIONS_MIN = 2;
    private static final int DURATION_MAX_S = 3_600;
    private static final int PULSE_MAX_S = 300;
    private static final int WRITES_MAX = 20;
    private static final int FLAGS_MAX = 100_000;
    private static final int COUNT_MAX = 1_000;

    static final String USAGE = """
            usage: scripts/drill [options]

            The quarterly exercise, on this machine: under steady load in all regions the primary region is
            lost, another is promoted, the lost one rejoins, and all is rolled back; then every write that
            was acknowledged is looked for. Prints and writes a report; the exit status is 0 when all
            targets are met, 1 when not, 2 for a command line that cannot be run.

              --regions N                   how many regions, %d to %d (default 3)
              --lost cache|network|region   what the primary region loses (default: drawn from the seed):
                                            its cache; its network; both, and the ledger's endpoint there
              --silent                      no event tells of the promotion: the pulses must notice
              --dns-refused                 Route 53's control plane is down from the loss to the recovery
              --seed N                      what is drawn (default: from the clock, printed)
              --count N                     N drills one after the other, with seeds SEED, SEED+1, …; what is
                                            lost, silent and refused is drawn for each unless given
              --duration SECONDS            of each phase of steady load (default 3)
              --pulse SECONDS               between two pulses of a region (default 5)
              --writes N                    steady writes a second, of all regions together (default 3). They
                                            share one log: the more, the longer a far region waits its turn
              --flags COUNT                 so many flags to begin with (default 100)
              --out DIR                     where the reports go (default local/target/drill)
              --help                        this text
            """.formatted(REGIONS_MIN, LocalWorld.REGIONS_MAX);

    static final DrillOptions DEFAULTS = new DrillOptions(
            Math.min(3, LocalWorld.REGIONS_MAX),
            null,
            null,
            null,
            null,
            3,
            5,
            3,
            100,
            1,
            Path.of("local/target/drill"));

    /** What came of reading a command line. */
    sealed interface Parsed {
        /** To be run. */
        record Run(DrillOptions options) implements Parsed {}

        /** Asks for {@link #USAGE}. */
        record Help() implements Parsed {}

        /** Cannot be run: the fault, the value and the rule. */
        record Bad(String message) implements Parsed {}
    }

    /** Reads a command line. */
    static Parsed parse(List<String> arguments) {
        DrillOptions options = DEFAULTS;
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
            return new Parsed.Run(options);
        } catch (BadOptionException e) {
            return new Parsed.Bad(String.valueOf(e.getMessage()));
        }
    }

    private DrillOptions with(String option, Deque<String> left) {
        return switch (option) {
            case "--regions" ->
                copy(
                        number(option, left, REGIONS_MIN, LocalWorld.REGIONS_MAX),
                        durationS,
                        pulseS,
                        writes,
                        flags,
                        count,
                        out);
            case "--duration" ->
                copy(regions, number(option, left, 1, DURATION_MAX_S), pulseS, writes, flags, count, out);
            case "--pulse" -> copy(regions, durationS, number(option, left, 1, PULSE_MAX_S), writes, flags, count, out);
            case "--writes" -> copy(regions, durationS, pulseS, number(option, left, 1, WRITES_MAX), flags, count, out);
            case "--flags" -> copy(regions, durationS, pulseS, writes, number(option, left, 1, FLAGS_MAX), count, out);
            case "--count" -> copy(regions, durationS, pulseS, writes, flags, number(option, left, 1, COUNT_MAX), out);
            case "--out" -> copy(regions, durationS, pulseS, writes, flags, count, Path.of(value(option, left)));
            case "--seed" -> drawn((long) number(option, left, 0, Integer.MAX_VALUE), lost, silent, dnsRefused);
            case "--lost" -> drawn(seed, lost(value(option, left)), silent, dnsRefused);
            case "--silent" -> drawn(seed, lost, true, dnsRefused);
            case "--dns-refused" -> drawn(seed, lost, silent, true);
            default -> throw new BadOptionException("\"" + option + "\" is no option; --help lists them");
        };
    }

    private DrillOptions copy(int regions, int durationS, int pulseS, int writes, int flags, int count, Path out) {
        return new DrillOptions(regions, seed, lost, silent, dnsRefused, durationS, pulseS, writes, flags, count, out);
    }

    private DrillOptions drawn(
            @Nullable Long seed, @Nullable Lost lost, @Nullable Boolean silent, @Nullable Boolean dnsRefused) {
        return new DrillOptions(regions, seed, lost, silent, dnsRefused, durationS, pulseS, writes, flags, count, out);
    }

    private static String value(String option, Deque<String> left) {
        String value = left.pollFirst();
        if (value == null || value.isEmpty()) {
            throw new BadOptionException(option + " needs a value; --help says which");
        }
        return value;
    }

    private static Lost lost(String value) {
        return Lost.of(value)
                .orElseThrow(() -> new BadOptionException(
                        "--lost is \"" + value + "\", but must be one of " + String.join(", ", Lost.texts())));
    }

    private static int number(String option, Deque<String> left, int min, int max) {
        String value = value(option, left);
        if (!value.matches("[0-9]{1,10}") || Long.parseLong(value) < min || Long.parseLong(value) > max) {
            throw new BadOptionException(
                    option + " is \"" + value + "\", but must be a whole number from " + min + " to " + max);
        }
        return Integer.parseInt(value);
    }

    private static final class BadOptionException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadOptionException(String message) {
            super(message);
        }
    }
}
