package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.region.Region;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GeographyTest {
    private final Geography nine = Geography.of(9, true);

    @Test
    void knowsEveryDistanceBothWays() {
        for (Region from : nine.regions()) {
            assertThat(nine.oneWay(from, from)).isZero();
            for (Region ledger : nine.ledgerRegions()) {
                assertThat(nine.oneWay(from, ledger)).isEqualTo(nine.oneWay(ledger, from));
            }
            for (Region to : nine.regions()) {
                assertThat(nine.oneWay(from, to))
                        .isEqualTo(nine.oneWay(to, from))
                        .isBetween(Duration.ofMillis(from.equals(to) ? 0 : 10), Duration.ofMillis(165));
            }
        }
        assertThat(nine.oneWay(new Region("us-east-2"), new Region("us-east-1")))
                .isEqualTo(Duration.ofMillis(6));
        assertThat(nine.oneWay(new Region("ap-southeast-2"), new Region("ap-southeast-1")))
                .isEqualTo(Duration.ofMillis(46));
    }

    @Test
    void goesNoFurtherThanItsTable() {
        assertThatThrownBy(() -> Geography.of(10, true)).hasMessage("regions is 10, but must be 1 to 9");
        assertThatThrownBy(() -> nine.oneWay(new Region("mars-1"), Geography.US_EAST_1))
                .hasMessageContaining("mars-1");
    }
}
