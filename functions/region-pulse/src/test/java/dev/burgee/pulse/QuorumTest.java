package dev.burgee.pulse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.ledger.Position;
import dev.burgee.ledger.RegionView;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuorumTest {
    private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private static List<Region> regions(String codes) {
        return Arrays.stream(codes.strip().split(" ")).map(Region::new).toList();
    }

    /** Views as {@code region:age in seconds:failures:position[:home]}, where position - is none. */
    private static List<RegionView> views(String text) {
        return Arrays.stream(text.strip().split(" "))
                .filter(view -> !view.isEmpty())
                .map(view -> view.split(":"))
                .map(view -> new RegionView(
                        new Region(view[0]),
                        NOW.minusSeconds(Long.parseLong(view[1])),
                        new Region(view.length > 4 ? view[4] : "aa-x-1"),
                        Integer.parseInt(view[2]),
                        false,
                        view[3].equals("-") ? null : new Position(Long.parseLong(view[3]))))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "nobody",
            value = {
                // regions, views (home is aa-x-1) | who is to act
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:3:7 cc-x-1:10:3:9, cc-x-1",
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:3:9 cc-x-1:10:3:9, bb-x-1",
                "aa-x-1 bb-x-1 cc-x-1, cc-x-1:10:3:9 bb-x-1:10:3:9, bb-x-1",
                // failures
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:3:7 cc-x-1:10:2:9, nobody",
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:3:7 cc-x-1:10:0:9, nobody",
                // one region's view is never enough, even where it is a majority
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:99:7, nobody",
                "bb-x-1, bb-x-1:10:99:7, nobody",
                "aa-x-1 bb-x-1, bb-x-1:10:99:7, nobody",
                "aa-x-1 bb-x-1 cc-x-1, '', nobody",
                // a majority of all regions, not of those that answer
                "aa-x-1 bb-x-1 cc-x-1 dd-x-1, bb-x-1:10:3:7 cc-x-1:10:3:9, nobody",
                "aa-x-1 bb-x-1 cc-x-1 dd-x-1, bb-x-1:10:3:7 cc-x-1:10:3:9 dd-x-1:10:3:1, cc-x-1",
                // old views do not count; the limit itself does
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:120:3:7 cc-x-1:120:3:9, cc-x-1",
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:121:3:7 cc-x-1:10:3:9, nobody",
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:-121:3:7 cc-x-1:10:3:9, nobody",
                // views of another home are of another time
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:3:7:cc-x-1 cc-x-1:10:3:9, nobody",
                // who has no position cannot act; who sees the home may
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:3:7 cc-x-1:10:3:-, bb-x-1",
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:3:- cc-x-1:10:3:-, nobody",
                "aa-x-1 bb-x-1 cc-x-1 dd-x-1 ee-x-1, bb-x-1:10:3:7 cc-x-1:10:3:8 dd-x-1:10:3:1 ee-x-1:10:0:9, ee-x-1",
                // the home sees itself, with the highest position: it is not promoted to what it is
                "aa-x-1 bb-x-1 cc-x-1, aa-x-1:10:0:99 bb-x-1:10:3:7 cc-x-1:10:3:9, cc-x-1",
                // a region that the topology no longer has
                "aa-x-1 bb-x-1 cc-x-1, bb-x-1:10:3:7 zz-x-1:10:3:9, nobody",
            })
    void decides(String regions, String views, String expected) {
        String acting = Quorum.decide(views(views), regions(regions), new Region("aa-x-1"), NOW, INTERVAL)
                .map(wanted -> wanted.region().code())
                .orElse(null);
        assertThat(acting).isEqualTo(expected);
    }
}
