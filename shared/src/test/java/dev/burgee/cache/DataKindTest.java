package dev.burgee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.burgee.flag.FlagState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DataKindTest {
    @ParameterizedTest
    @EnumSource
    void takesWhatIsNoLargerThanItsLimit(DataKind kind) {
        byte[] largest = new byte[kind.bytesMax()];

        assertThat(kind.fitting(largest)).isSameAs(largest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kind.fitting(new byte[kind.bytesMax() + 1]))
                .withMessage(
                        "a %s has %s bytes, but may have at most %s",
                        kind.text(), kind.bytesMax() + 1, kind.bytesMax());
    }

    @Test
    void whatHoldsFlagsNeverGoesAwayByItself() {
        assertThat(DataKind.values())
                .filteredOn(kind -> kind.key().equals("burgee:flags"))
                .hasSize(5)
                .allSatisfy(kind -> assertThat(kind.keptFor()).isEmpty());
    }

    @Test
    void refusesADocumentThatNoReaderWouldTake() {
        String large = "a".repeat(DataKind.FLAG.bytesMax() + 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FieldFormat.encode(new FlagState.Live(1, large)))
                .withMessageStartingWith("a flag has 1048577 bytes");
    }

    @Test
    void keepsNothingLongerThanItsKindIsKept() {
        assertThat(DataKind.LOADER.keptFor(Duration.ofSeconds(15))).isEqualTo(Duration.ofSeconds(15));
        assertThat(DataKind.LOADER.keptFor(Duration.ofDays(1))).isEqualTo(Duration.ofMinutes(5));
    }
}
