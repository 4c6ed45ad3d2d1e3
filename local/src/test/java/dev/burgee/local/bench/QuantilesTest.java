package dev.burgee.local.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    @Test
    void takesTheSmallestValueThatSoManyDoNotExceed() {
        double[] quantiles = Quantiles.of(
                LongStream.rangeClosed(1, 1_000).map(i -> 1_001 - i).toArray(), 1_000);

        assertThat(Quantiles.pick(quantiles, 0.01)).isEqualTo(10);
        assertThat(Quantiles.pick(quantiles, 0.5)).isEqualTo(500);
        assertThat(Quantiles.pick(quantiles, 0.99)).isEqualTo(990);
        assertThat(Quantiles.pick(quantiles, 0.999)).isEqualTo(999);
        assertThatThrownBy(() -> Quantiles.pick(quantiles, 0.42)).hasMessageContaining("0.42");
    }

    @Test
    void leavesOutWhatWasNotMeasured() {
        assertThat(Quantiles.of(new long[] {7, 0, 0}, 1)).containsOnly(7);
    }

    @Test
    void takesTheMiddleOfTheRounds() {
        assertThat(Quantiles.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Quantiles.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
        assertThat(Quantiles.median(List.of())).isNaN();
    }

    @Test
    void aLimitIsMissedByWhatIsBeyondItOrNoNumber() {
        assertThat(figure(1.15).isMissed()).isFalse();
        assertThat(figure(1.151).isMissed()).isTrue();
        assertThat(figure(Double.NaN).isMissed()).isTrue();
    }

    private static Figure figure(double value) {
        return new Figure("read_warm_ratio_p50", "", value, "ratio", 1.15, List.of(value), "");
    }
}
