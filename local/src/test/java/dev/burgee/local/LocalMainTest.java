package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LocalMainTest {
    private static final FunctionFactory NOTHING = (environment, output) -> (in, out, context) -> {};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void hasDefaultsForEverything() {
        assertThat(LocalOptions.parse(List.of()))
                .isEqualTo(new LocalOptions.Parsed.Run(
                        new LocalOptions(3, 8100, true, new Seed.Nothing(), Duration.ofSeconds(60), false)));
    }

    @Test
    void takesAllOptionsInBothForms(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("flags.json"), "{}");

        assertThat(LocalOptions.parse(List.of(
                        "--regions",
                        "2",
                        "--port=9000",
                        "--latency",
                        "none",
                        "--seed-flags=10",
                        "--pulse=5",
                        "--quiet")))
                .isEqualTo(new LocalOptions.Parsed.Run(
                        new LocalOptions(2, 9000, false, new Seed.MadeUp(10), Duration.ofSeconds(5), true)));
        assertThat(LocalOptions.parse(List.of("--seed-flags", file.toString())))
                .isEqualTo(new LocalOptions.Parsed.Run(
                        new LocalOptions(3, 8100, true, new Seed.File(file), Duration.ofSeconds(60), false)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --regions 10       | --regions is "10", but must be a whole number from 1 to 9
                    --regions 0        | --regions is "0", but must be a whole number from 1 to 9
                    --regions two      | --regions is "two", but must be a whole number from 1 to 9
                    --regions          | --regions needs a value; --help says which
                    --port 80          | --port is "80", but must be a whole number from 1024 to 65535
                    --port 65533       | --port is "65533", but must be a whole number from 1024 to 65532, so that each region has a port after it
                    --latency some     | --latency is "some", but must be none or real
                    --seed-flags 0     | --seed-flags is "0", but must be a whole number from 1 to 100000
                    --seed-flags -1    | --seed-flags is "-1", but must be a whole number from 1 to 100000
                    --seed-flags /none | --seed-flags is "/none", but must be a readable flagd file or a whole number from 1 to 100000
                    --pulse 0          | --pulse is "0", but must be a whole number from 1 to 3600
                    --colour           | "--colour" is no option; --help lists them
                    """)
    void namesTheValueAndTheRuleOfABadOption(String arguments, String message) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("scripts/local: " + message + System.lineSeparator());
    }

    @Test
    void explainsItselfOnRequest() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("usage: scripts/local", "--seed-flags FILE|COUNT");
    }

    @Test
    void namesAPortThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(run("--regions", "1", "--port", port)).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("port " + port + " is taken", "--port");
        }
    }

    @Test
    void madeUpFlagsAreTheSameForTheSameCount() {
        assertThat(MadeUpFlags.of(50)).isEqualTo(MadeUpFlags.of(50)).hasSize(50);
    }

    private int run(String... arguments) {
        var main = new LocalMain(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                Functions.serving(NOTHING, NOTHING),
                false);
        return main.run(List.of(arguments));
    }
}
