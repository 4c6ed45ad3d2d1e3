package dev.burgee.local.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrillOptionsTest {
    @Test
    void hasDefaults() {
        assertThat(DrillOptions.parse(List.of())).isEqualTo(new DrillOptions.Parsed.Run(DrillOptions.DEFAULTS));
    }

    @Test
    void readsEveryOption() {
        String line = "--regions 2 --seed 7 --lost region --silent --dns-refused --duration 9 --pulse=60 --writes 6"
                + " --flags 10000 --count 50 --out /tmp/reports";
        assertThat(DrillOptions.parse(List.of(line.split(" "))))
                .isEqualTo(new DrillOptions.Parsed.Run(new DrillOptions(
                        2, 7L, Lost.REGION, true, true, 9, 60, 6, 10_000, 50, Path.of("/tmp/reports"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --regions 1      | --regions is "1", but must be a whole number from 2 to
            --regions 99     | --regions is "99", but must be a whole number from 2 to
            --regions        | --regions needs a value; --help says which
            --seed -1        | --seed is "-1", but must be a whole number from 0 to 2147483647
            --seed x         | --seed is "x", but must be a whole number from 0 to 2147483647
            --lost everything| --lost is "everything", but must be one of cache, network, region
            --duration 0     | --duration is "0", but must be a whole number from 1 to 3600
            --pulse 999      | --pulse is "999", but must be a whole number from 1 to 300
            --writes 21      | --writes is "21", but must be a whole number from 1 to 20
            --flags 0        | --flags is "0", but must be a whole number from 1 to 100000
            --count 1001     | --count is "1001", but must be a whole number from 1 to 1000
            --out=           | --out needs a value; --help says which
            --silence        | "--silence" is no option; --help lists them
            quickly          | "quickly" is no option; --help lists them""")
    void namesWhatCannotBeRun(String line, String message) {
        assertThat(DrillOptions.parse(List.of(line.split(" "))))
                .isInstanceOfSatisfying(
                        DrillOptions.Parsed.Bad.class,
                        bad -> assertThat(bad.message()).startsWith(message));
    }

    @Test
    void asksForHelp() {
        assertThat(DrillOptions.parse(List.of("--seed", "1", "-h"))).isEqualTo(new DrillOptions.Parsed.Help());
    }

    @Test
    void oneSeedGivesOnePlan() {
        assertThat(DrillPlan.of(DrillOptions.DEFAULTS, 5)).isEqualTo(DrillPlan.of(DrillOptions.DEFAULTS, 5));
    }

    @Test
    void manyDrillsAreOfAllKinds() {
        Set<List<String>> kinds = new HashSet<>();
        Set<Integer> promoted = new HashSet<>();
        LongStream.range(0, 50)
                .mapToObj(seed -> DrillPlan.of(options("--count", "50"), seed))
                .forEach(plan -> {
                    kinds.add(List.of(plan.lost().text(), "" + plan.silent(), "" + plan.dnsRefused()));
                    promoted.add(plan.promoted());
                });
        assertThat(kinds).hasSize(3 * 2 * 2);
        assertThat(promoted).hasSize(DrillOptions.DEFAULTS.regions() - 1);
    }

    @Test
    void oneDrillTellsAndRefusesOnlyWhatItWasTold() {
        assertThat(LongStream.range(0, 50).mapToObj(seed -> DrillPlan.of(DrillOptions.DEFAULTS, seed)))
                .noneMatch(plan -> plan.silent() || plan.dnsRefused());
    }

    @Test
    void theCommandOfAPlanRunsThePlanAgain() {
        for (long seed = 0; seed < 20; seed++) {
            DrillPlan drawn = DrillPlan.of(options("--count", "50"), seed);
            List<String> command = List.of(drawn.command().split(" "));
            DrillPlan again =
                    DrillPlan.of(options(command.subList(1, command.size()).toArray(String[]::new)), seed);
            assertThat(again.words()).isEqualTo(drawn.words());
            assertThat(again.promoted()).isEqualTo(drawn.promoted());
        }
    }

    static DrillOptions options(String... arguments) {
        return switch (DrillOptions.parse(List.of(arguments))) {
            case DrillOptions.Parsed.Run(DrillOptions options) -> options;
            case DrillOptions.Parsed parsed -> throw new AssertionError(parsed.toString());
        };
    }
}
