package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class LiveTableTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final CacheStatus HOME = new CacheStatus("primary", true, OptionalLong.of(42), OptionalLong.empty());
    private static final CacheStatus REPLICA =
            new CacheStatus("replica", true, OptionalLong.of(41), OptionalLong.of(50));

    private final LiveTable table = new LiveTable();

    @Test
    void hasALinePerRegion() {
        String text = table.next(
                List.of(
                        new LiveTable.Line("us-east-1", HOME, false, Map.of("memory", 9L, "primary", 1L)),
                        new LiveTable.Line("eu-west-1", REPLICA, true, Map.of("replica", 3L, "memory", 0L)),
                        new LiveTable.Line("ap-southeast-1", CacheStatus.SILENT, false, Map.of())),
                Duration.ofSeconds(2));

        assertThat(plain(text)).isEqualTo("""
                  region           role               position       lag   reads/s  sources
                  us-east-1        primary                  42         -       5.0  memory 90 %, primary 10 %
                  eu-west-1        replica, cut             41     50 ms       1.5  replica 100 %
                  ap-southeast-1   cache down                -         -       0.0
                """);
    }

    @Test
    void isPrintedOverItselfAndLeavesNothingOfALongerLine() {
        List<LiveTable.Line> lines = List.of(
                new LiveTable.Line("us-east-1", HOME, false, Map.of()),
                new LiveTable.Line("eu-west-1", REPLICA, false, Map.of()));

        assertThat(table.next(lines, SECOND)).doesNotContain("\u001b[3A");
        String again = table.next(lines, SECOND);
        assertThat(again).startsWith("\u001b[?7l\u001b[3A\u001b[2K").endsWith("\n\u001b[?7h");
        assertThat(again.split("\u001b\\[2K", -1)).hasSize(4);
    }

    @Test
    void divisionByNoTimeIsNoRate() {
        assertThat(table.next(
                        List.of(new LiveTable.Line("us-east-1", HOME, false, Map.of("memory", 5L))), Duration.ZERO))
                .contains(" 0.0  memory 100 %");
    }

    private static String plain(String text) {
        return text.replaceAll("\u001b\\[[?0-9]*[A-Za-z]", "");
    }
}
