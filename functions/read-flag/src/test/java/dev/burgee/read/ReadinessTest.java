package dev.burgee.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.cache.CacheHead;
import dev.burgee.health.Healths;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.RegionView;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadinessTest {
    private static final Region HERE = new Region("eu-west-1");
    private static final Region HOME = new Region("us-east-1");
    private static final Instant NOW = Healths.NOON;

    private final Readiness readiness = new Readiness(HERE, Duration.ofMinutes(5));

    private static @Nullable CacheHead own(String how) {
        return switch (how) {
            case "warm" -> new CacheHead(new Position(7), NOW.minusSeconds(300), HOME);
            case "behind" -> new CacheHead(new Position(6), NOW, HOME);
            case "unconfirmed" -> new CacheHead(new Position(7), NOW.minusSeconds(301), HOME);
            case "never-confirmed" -> new CacheHead(new Position(7), null, HOME);
            case "empty" -> new CacheHead(null, null, null);
            case "silent" -> null;
            default -> throw new IllegalArgumentException(how);
        };
    }

    /** The home's, measured so many seconds ago; {@link Healths} has it confirmed 20 s before that. */
    private static Map<Region, RegionView> views(long ageSeconds, long position) {
        Instant at = NOW.minusSeconds(ageSeconds);
        return Map.of(HOME, new RegionView(HOME, at, HOME, 0, true, new Position(position), Healths.good(at)));
    }

    private boolean isReady(String own, Map<Region, RegionView> views, boolean ledgerAnswers) {
        return readiness.problem(own(own), views, ledgerAnswers, NOW).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // own, another region is warm, nobody else is known to be: the ledger answers, it does not
        "warm, true, true, true",
        "behind, false, true, true",
        "unconfirmed, false, true, true",
        "never-confirmed, false, true, true",
        "empty, false, true, false",
        "silent, false, true, false",
    })
    void callersAreLedWhereACacheIsWarmElseWhereAnythingAnswers(
            String own, boolean besideWarm, boolean byLedger, boolean alone) {
        assertThat(isReady(own, views(20, 7), true)).as("another is warm").isEqualTo(besideWarm);
        assertThat(isReady(own, views(181, 7), true)).as("its view is old").isEqualTo(byLedger);
        assertThat(isReady(own, Map.of(), true)).as("nothing is known").isEqualTo(byLedger);
        assertThat(isReady(own, Map.of(), false)).as("nor answers the ledger").isEqualTo(alone);
    }

    @Test
    void aReplicaHasAFewSecondsToFollow() {
        assertThat(isReady("behind", views(5, 7), true)).isTrue();
        assertThat(isReady("behind", views(6, 7), true)).isFalse();
        assertThat(isReady("behind", views(1, 9), true))
                .as("a new view hides no older one")
                .isFalse();
        assertThat(isReady("warm", views(1, 9), true)).isTrue();
    }

    @Test
    void viewsThatAreRenewedEachSecondAreNoExcuse() {
        for (int second = 0; second <= 5; second++) {
            Instant now = NOW.plusSeconds(second);
            assertThat(readiness.problem(own("behind"), renewed(now), true, now))
                    .isEmpty();
        }
        Instant now = NOW.plusSeconds(6);
        assertThat(readiness.problem(own("behind"), renewed(now), true, now)).isPresent();
    }

    private static Map<Region, RegionView> renewed(Instant now) {
        return Map.of(HOME, new RegionView(HOME, now, HOME, 0, true, new Position(7), Healths.good(now)));
    }

    @Test
    void aLedgerThatWentBackIsFollowed() {
        assertThat(isReady("behind", views(6, 7), true)).isFalse();
        assertThat(isReady("behind", views(6, 3), true)).isTrue();
    }

    @Test
    void whoHasNoConfirmationEitherIsNotBetterOff() {
        // the home is lost, and what was confirmed last gets old everywhere at once
        Map<Region, RegionView> views = views(100, 7);
        Readiness impatient = new Readiness(HERE, Duration.ofSeconds(110));

        assertThat(impatient.problem(own("unconfirmed"), views, true, NOW)).isEmpty();
        assertThat(readiness.problem(own("unconfirmed"), views, true, NOW)).isPresent();
    }

    @Test
    void saysWhy() {
        assertThat(readiness.problem(own("behind"), views(20, 7), true, NOW))
                .contains(
                        "this region's cache shows position 6, but other regions showed 7, and that of us-east-1 is warm");
        assertThat(readiness.problem(own("empty"), Map.of(), false, NOW))
                .contains("this region's cache is empty, and the ledger did not answer lately");
    }
}
