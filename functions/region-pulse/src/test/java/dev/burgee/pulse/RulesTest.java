package dev.burgee.pulse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.ledger.Promotion;
import dev.burgee.pulse.PulseRequest.ControlPlane;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of {@link PromotionRule} and {@link FollowRule}; here = eu-west-1, the topology's primary = us-east-1. */
final class RulesTest {
    private static final Region HERE = new Region("eu-west-1");

    private static Situation situation(Profile profile, String home, String own, @Nullable Duration lag) {
        boolean known = !home.equals("out-of-reach");
        boolean promoted = known && !home.equals("none") && !home.equals("none-primary-here");
        return new Situation(
                profile,
                HERE,
                known,
                promoted ? new Promotion(new Region(home), 3, Instant.EPOCH, 9) : null,
                home.equals("none-primary-here") ? HERE : new Region("us-east-1"),
                !own.equals("silent"),
                own.equals("writable"),
                false,
                lag);
    }

    private static String shown(PromotionRule.Ruling ruling) {
        return switch (ruling) {
            case PromotionRule.Ruling.Append(String actor) -> "append by " + actor;
            case PromotionRule.Ruling.Leave(Outcome outcome, String _) -> outcome.text();
        };
    }

    @ParameterizedTest
    @CsvSource({
        // the last promotion, own cache, the control plane says | global datastore | self-managed
        "us-east-1,         writable, PRIMARY,   append by control-plane, pulsed",
        "none,              writable, PRIMARY,   append by control-plane, pulsed",
        "us-east-1,         writable, SECONDARY, pulsed,                  pulsed",
        "us-east-1,         writable, UNKNOWN,   pulsed,                  pulsed",
        "none,              writable, UNKNOWN,   pulsed,                  pulsed",
        "us-east-1,         replica,  PRIMARY,   not-writable,            pulsed",
        "none,              replica,  PRIMARY,   not-writable,            pulsed",
        "us-east-1,         silent,   PRIMARY,   not-writable,            pulsed",
        "eu-west-1,         writable, PRIMARY,   already,                 pulsed",
        "eu-west-1,         replica,  PRIMARY,   already,                 pulsed",
        "none-primary-here, writable, PRIMARY,   already,                 pulsed",
        "out-of-reach,      writable, PRIMARY,   pulsed,                  pulsed",
        "out-of-reach,      silent,   SECONDARY, pulsed,                  pulsed",
    })
    void aWakeIsRecordedOnlyWhenControlPlaneAndCacheSaySo(
            String home, String own, ControlPlane says, String global, String selfManaged) {
        var wake = new PulseRequest.Wake(says, Set.of(HERE, new Region("us-east-1")));
        assertThat(shown(PromotionRule.decide(wake, situation(Profile.GLOBAL_DATASTORE, home, own, Duration.ZERO))))
                .isEqualTo(global);
        assertThat(shown(PromotionRule.decide(wake, situation(Profile.SELF_MANAGED, home, own, Duration.ZERO))))
                .isEqualTo(selfManaged);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "unknown",
            value = {
                // the last promotion, own cache, lag, force, dry run | global datastore | self-managed
                "us-east-1,    writable, 0,       false, false, append by alice, append by alice",
                "none,         writable, 5000,    false, false, append by alice, append by alice",
                "us-east-1,    replica,  0,       false, false, refused,         append by alice",
                "us-east-1,    replica,  0,       true,  false, refused,         append by alice",
                "us-east-1,    silent,   0,       true,  false, refused,         refused",
                "us-east-1,    writable, 5001,    false, false, refused,         refused",
                "us-east-1,    writable, 5001,    true,  false, append by alice, append by alice",
                "us-east-1,    writable, unknown, false, false, refused,         refused",
                "us-east-1,    writable, unknown, true,  false, append by alice, append by alice",
                "us-east-1,    writable, 0,       false, true,  dry-run,         dry-run",
                "us-east-1,    writable, 5001,    false, true,  refused,         refused",
                "eu-west-1,    replica,  9999,    false, true,  already,         already",
                "eu-west-1,    writable, 0,       true,  false, already,         already",
                "out-of-reach, writable, 0,       true,  false, refused,         refused",
            })
    void anOperatorsPromotionIsRefusedWithReasons(
            String home, String own, @Nullable Long lagMs, boolean force, boolean dryRun, String global, String self) {
        var promote = new PulseRequest.Promote(HERE, "alice", force, dryRun, Duration.ofSeconds(5));
        Duration lag = lagMs == null ? null : Duration.ofMillis(lagMs);
        assertThat(shown(PromotionRule.decide(promote, situation(Profile.GLOBAL_DATASTORE, home, own, lag))))
                .isEqualTo(global);
        assertThat(shown(PromotionRule.decide(promote, situation(Profile.SELF_MANAGED, home, own, lag))))
                .isEqualTo(self);
    }

    @Test
    void aHomeThatAcceptsWritesIsNotReplacedByWhatTheControlPlaneSaid() {
        var wake = new PulseRequest.Wake(ControlPlane.PRIMARY, Set.of(HERE, new Region("us-east-1")));
        Situation now = situation(Profile.GLOBAL_DATASTORE, "us-east-1", "writable", Duration.ZERO);
        var both = new Situation(
                now.profile(), HERE, true, now.promotion(), now.primary(), true, true, true, Duration.ZERO);

        assertThat(shown(PromotionRule.decide(wake, now))).isEqualTo("append by control-plane");
        assertThat(shown(PromotionRule.decide(wake, both))).isEqualTo("pulsed");
    }

    @Test
    void aDatastoreThatTheHomeHasLeftDemotesNobody() {
        var wake = new PulseRequest.Wake(ControlPlane.PRIMARY, Set.of(HERE, new Region("ap-southeast-1")));
        Situation now = situation(Profile.GLOBAL_DATASTORE, "us-east-1", "writable", Duration.ZERO);

        assertThat(shown(PromotionRule.decide(wake, now))).isEqualTo("pulsed");
    }

    @ParameterizedTest
    @CsvSource({
        "us-east-1, writable",
        "none, writable",
        "us-east-1, replica",
        "eu-west-1, writable",
        "out-of-reach, silent"
    })
    void aPlainPulseAndAStatusNeverPromote(String home, String own) {
        for (Profile profile : Profile.values()) {
            Situation now = situation(profile, home, own, Duration.ZERO);
            assertThat(shown(PromotionRule.decide(new PulseRequest.Plain(), now)))
                    .isEqualTo("pulsed");
            assertThat(shown(PromotionRule.decide(new PulseRequest.Status(), now)))
                    .isEqualTo("pulsed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // the last promotion, own cache | self-managed
        "us-east-1,         writable, follow us-east-1",
        "us-east-1,         replica,  follow us-east-1",
        "us-east-1,         silent,   leave",
        "eu-west-1,         replica,  lead",
        "eu-west-1,         writable, leave",
        "eu-west-1,         silent,   leave",
        "none,              writable, leave",
        "none,              replica,  leave",
        "none-primary-here, replica,  leave",
        "out-of-reach,      writable, leave",
        "out-of-reach,      replica,  leave",
    })
    void aSelfManagedCacheDoesAsTheLastPromotionSays(String home, String own, String expected) {
        assertThat(shown(FollowRule.decide(situation(Profile.SELF_MANAGED, home, own, null))))
                .isEqualTo(expected);
        assertThat(shown(FollowRule.decide(situation(Profile.GLOBAL_DATASTORE, home, own, null))))
                .isEqualTo("leave");
    }

    @Test
    void aPromotionOfALedgerThatDidNotAnswerInFullMovesNoCache() {
        Situation known = situation(Profile.SELF_MANAGED, "us-east-1", "writable", null);
        var half = new Situation(
                known.profile(), HERE, false, known.promotion(), known.primary(), true, true, false, null);

        assertThat(shown(FollowRule.decide(half))).isEqualTo("leave");
    }

    private static String shown(FollowRule.Ruling ruling) {
        return switch (ruling) {
            case FollowRule.Ruling.Lead() -> "lead";
            case FollowRule.Ruling.Follow(Region home) -> "follow " + home;
            case FollowRule.Ruling.Leave() -> "leave";
        };
    }
}
