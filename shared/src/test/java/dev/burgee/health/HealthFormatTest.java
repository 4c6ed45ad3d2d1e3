package dev.burgee.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HealthFormatTest {
    @Test
    void readsWhatItWrote() {
        assertThat(HealthFormat.read(HealthFormat.write(Healths.good()))).isEqualTo(Healths.good());
    }

    @Test
    void whatIsNotKnownStaysUnknown() {
        RegionHealth good = Healths.good();
        TierHealth down = new TierHealth(false, Instant.EPOCH);
        RegionHealth blind = new RegionHealth(
                good.measured(),
                good.interval(),
                null,
                0,
                down,
                down,
                down,
                null,
                null,
                ReplicationHealth.UNKNOWN,
                CacheUse.UNKNOWN,
                null);

        assertThat(HealthFormat.read(HealthFormat.write(blind))).isEqualTo(blind);
    }

    @Test
    void leavesOutWhatANewerVersionAdded() {
        String newer = HealthFormat.write(Healths.good()).replace("{\"v\":1,", "{\"v\":1,\"more\":[{}],");

        assertThat(HealthFormat.read(newer)).isEqualTo(Healths.good());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"v\":2}", "{\"v\":1}", "{\"v\":1,\"measured\":\"x\"}"})
    void whatItCannotReadIsNothing(String text) {
        assertThat(HealthFormat.read(text)).isNull();
    }
}
