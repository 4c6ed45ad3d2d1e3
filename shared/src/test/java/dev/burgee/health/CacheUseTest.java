package dev.burgee.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CacheUseTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static CacheVitals vitals(String server, long evicted, long hits, long misses, Map<Long, Long> commands) {
        return new CacheVitals(server, 30, 200, 7, evicted, hits, misses, new TreeMap<>(commands));
    }

    @Test
    void tellsRatesSinceTheLastLook() {
        CacheVitals before = vitals("a", 1_000, 500, 100, Map.of(64L, 1_000L, 1_024L, 500L));
        CacheVitals now = vitals("a", 1_600, 597, 103, Map.of(64L, 1_098L, 256L, 1L, 1_024L, 501L));

        CacheUse use = CacheUse.of(before, MINUTE, now);

        assertThat(use).isEqualTo(new CacheUse(15.0, 10.0, 0.256, 97.0, 7));
    }

    @Test
    void aServerThatBeganAnewIsNotComparedWithTheOldOne() {
        CacheVitals before = vitals("a", 1_000, 500, 100, Map.of(64L, 1_000L));
        CacheVitals now = vitals("b", 0, 1, 3, Map.of(2_048L, 1L));

        assertThat(CacheUse.of(before, MINUTE, now)).isEqualTo(new CacheUse(15.0, null, 2.048, 25.0, 7));
    }

    @Test
    void saysNothingOfWhatItDoesNotKnow() {
        CacheVitals idle = new CacheVitals("a", 30, 0, 7, 5, 1, 1, new TreeMap<>());

        assertThat(CacheUse.of(idle, MINUTE, idle)).isEqualTo(new CacheUse(null, 0.0, null, null, 7));
        assertThat(CacheUse.of(idle, Duration.ZERO, idle).evictionsPerSecond()).isNull();
    }

    @Test
    void theSlowestInAHundredIsStillWithinThePercentile() {
        assertThat(CacheUse.of(null, null, vitals("a", 0, 1, 0, Map.of(8L, 99L, 4_096L, 1L)))
                        .commandP99Ms())
                .isEqualTo(0.008);
        assertThat(CacheUse.of(null, null, vitals("a", 0, 1, 0, Map.of(8L, 98L, 4_096L, 2L)))
                        .commandP99Ms())
                .isEqualTo(4.096);
    }
}
