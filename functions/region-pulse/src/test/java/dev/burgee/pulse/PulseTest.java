package dev.burgee.pulse;

import static dev.burgee.pulse.PulseWorld.EAST;
import static dev.burgee.pulse.PulseWorld.SOUTH;
import static dev.burgee.pulse.PulseWorld.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.hint.HomeHint;
import dev.burgee.json.Json;
import dev.burgee.ledger.Entries;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.Promotion;
import dev.burgee.ledger.RegionView;
import dev.burgee.metrics.Metric;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PulseTest {
    private final PulseWorld world = new PulseWorld();

    private List<Region> promotions() {
        return world.ledger.log().stream()
                .filter(entry -> entry.kind() == Entry.Kind.PROMOTION)
                .map(Entry::home)
                .toList();
    }

    @Test
    void theHomesPulseCatchesItsCacheUpConfirmsItAndLeavesAView() {
        world.put(3);

        PulseReport report = world.plain(EAST, Profile.GLOBAL_DATASTORE);

        assertThat(report.outcome()).isEqualTo(Outcome.PULSED);
        assertThat(report.done()).containsExactly("caught_up");
        assertThat(report.problems()).isEmpty();
        assertThat(world.cache(EAST).head().position()).isEqualTo(new Position(3));
        assertThat(world.cache(EAST).head().checked()).isEqualTo(world.time.now());
        RegionView view = world.ledger.views(world.soon()).getFirst();
        assertThat(view)
                .isEqualTo(new RegionView(EAST, world.time.now(), EAST, 0, true, new Position(3), view.health()));
        assertThat(world.metrics.values(Metric.PRIMARY_REACHABLE)).containsExactly(1.0);
        assertThat(promotions()).isEmpty();
    }

    @Test
    void aReplicasPulseLeavesItsCacheAlone() {
        world.put(3);

        PulseReport report = world.plain(WEST, Profile.GLOBAL_DATASTORE);

        assertThat(report.done()).isEmpty();
        assertThat(world.cache(WEST).contents().position()).isNull();
        assertThat(report.problems()).isEmpty();
    }

    @Test
    void whatTheControlPlaneCausedIsRecordedAnnouncedAndCaughtUp() {
        world.put(3);
        world.cache(EAST).down(true);
        world.cache(WEST).readOnly(false);

        PulseReport report = world.wakeAsPrimary(WEST);

        assertThat(report.outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(promotions()).containsExactly(WEST);
        assertThat(world.ledger.log().getLast().actor()).isEqualTo("control-plane");
        assertThat(world.hint.read())
                .isEqualTo(new HomeHint.Reading.Found(new dev.burgee.hint.Hint(WEST, 1, world.time.now())));
        assertThat(world.cache(WEST).head().position()).isEqualTo(new Position(4));
        assertThat(world.cache(WEST).head().home()).isEqualTo(WEST);
        assertThat(world.metrics.sum(Metric.PROMOTION)).isEqualTo(1);
        assertThat(world.log.lines("promotion_recorded").getFirst().fields().get("promoted_region"))
                .isEqualTo("eu-west-1");
        assertThat(report.done()).containsExactly("promoted", "caught_up", "announced");
    }

    @Test
    void aLateOrForgedWakeMovesNothing() {
        world.put(1);

        assertThat(world.wakeAsPrimary(WEST).outcome()).isEqualTo(Outcome.NOT_WRITABLE);
        assertThat(world.wakeAsPrimary(EAST).outcome()).isEqualTo(Outcome.ALREADY);
        world.cache(WEST).readOnly(false);
        for (PulseRequest.ControlPlane says :
                List.of(PulseRequest.ControlPlane.SECONDARY, PulseRequest.ControlPlane.UNKNOWN)) {
            assertThat(world.pulse(WEST, Profile.GLOBAL_DATASTORE, false)
                            .pulse(new PulseRequest.Wake(says, Set.of(EAST, WEST)))
                            .outcome())
                    .isEqualTo(Outcome.PULSED);
        }

        assertThat(promotions()).isEmpty();
        assertThat(world.metrics.sum(Metric.PROMOTION)).isZero();
    }

    @Test
    void twiceIsOnce() {
        world.cache(EAST).readOnly(true);
        world.cache(WEST).readOnly(false);

        world.wakeAsPrimary(WEST);
        PulseReport second = world.wakeAsPrimary(WEST);

        assertThat(second.outcome()).isEqualTo(Outcome.ALREADY);
        assertThat(promotions()).containsExactly(WEST);
        assertThat(world.metrics.sum(Metric.PROMOTION)).isEqualTo(1);
        assertThat(world.hint.written()).isEqualTo(1);
    }

    @Test
    void aLostAnswerIsFoundAgainAndCountedOnce() {
        world.put(1);
        world.cache(EAST).readOnly(true);
        world.cache(WEST).readOnly(false);
        world.ledger.loseNextAnswer();

        assertThat(world.wakeAsPrimary(WEST).outcome()).isEqualTo(Outcome.PROMOTED);

        assertThat(promotions()).containsExactly(WEST);
        assertThat(world.metrics.sum(Metric.PROMOTION)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"append", "entriesAfter", "readAll", "materialise", "end", "lastPromotion", "leave", "views"})
    void whereverItIsCutOffTheNextPulseFinishesIt(String call) {
        world.put(2);
        world.wakeAsPrimary(EAST);
        world.put(2);
        world.cache(WEST).copyOf(world.cache(EAST));
        world.cache(EAST).readOnly(true);
        world.cache(WEST).readOnly(false);
        var wake = new PulseRequest.Wake(PulseRequest.ControlPlane.PRIMARY, Set.of(EAST, WEST));

        PulseReport cut = world.pulse(WEST, Profile.GLOBAL_DATASTORE, false, new FailingLedger(world.ledger, call))
                .pulse(wake);
        PulseReport next = world.pulse(WEST, Profile.GLOBAL_DATASTORE, false).pulse(wake);

        if (!Set.of("readAll", "materialise").contains(call)) { // not called when woken and hardly behind
            assertThat(String.join(" ", cut.problems())).contains("IllegalStateException");
        }
        assertThat(next.problems()).noneMatch(problem -> problem.contains("IllegalStateException"));
        assertThat(promotions()).containsExactly(WEST);
        assertThat(world.cache(WEST).head().position()).isEqualTo(new Position(5));
        assertThat(world.hint.read()).isInstanceOf(HomeHint.Reading.Found.class);
    }

    @Test
    void aCacheThatWasDemotedWhileTheLedgerWasReadIsNotPromoted() {
        world.put(1);
        world.cache(EAST).readOnly(true);
        world.cache(WEST).readOnly(false);
        var ledger = new FailingLedger(world.ledger, "lastPromotion", () -> {
            world.cache(EAST).readOnly(false);
            world.cache(WEST).readOnly(true);
        });

        PulseReport report = world.pulse(WEST, Profile.GLOBAL_DATASTORE, false, ledger)
                .pulse(new PulseRequest.Wake(PulseRequest.ControlPlane.PRIMARY, Set.of(EAST, WEST)));

        assertThat(report.outcome()).isEqualTo(Outcome.NOT_WRITABLE);
        assertThat(promotions()).isEmpty();
    }

    @Test
    void theLedgerOutOfReachIsReportedAndMovesNothing() {
        world.cache(WEST).readOnly(false);
        world.ledger.down(true);

        PulseReport report = world.wakeAsPrimary(WEST);

        assertThat(report.outcome()).isEqualTo(Outcome.PULSED);
        assertThat(report.reason()).contains("the ledger did not answer");
        assertThat(json(report).get("home")).isNull();
        assertThat(report.done()).isEmpty();
        assertThat(world.metrics.values(Metric.PRIMARY_REACHABLE)).containsExactly(1.0);
        assertThat(world.ledger.log()).isEmpty();
    }

    @Test
    void anOperatorPromotesASelfManagedRegionAndTheOthersFollowAtTheirNextPulse() {
        world.put(2);
        world.plain(EAST, Profile.SELF_MANAGED);
        world.cache(WEST).copyOf(world.cache(EAST));
        world.cache(EAST).down(true);

        PulseReport report = world.promote(WEST, Profile.SELF_MANAGED);
        PulseReport other = world.plain(SOUTH, Profile.SELF_MANAGED);

        assertThat(report.outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(report.done()).containsExactly("promoted", "led", "caught_up", "announced");
        assertThat(world.ledger.log().getLast().actor()).isEqualTo("alice");
        assertThat(other.done()).containsExactly("followed");
        assertThat(world.replication(SOUTH).changes).containsExactly("follow eu-west-1");
        assertThat(world.cache(SOUTH).contents().position()).isEqualTo(new Position(3));
    }

    @Test
    void aReturningOldPrimaryIsMadeToFollowAndIsNotCaughtUpAsIfItWereHome() {
        world.put(2);
        world.plain(EAST, Profile.SELF_MANAGED);
        world.cache(WEST).copyOf(world.cache(EAST));
        world.promote(WEST, Profile.SELF_MANAGED);
        world.put(1);
        world.plain(WEST, Profile.SELF_MANAGED);
        world.metrics.clear();

        PulseReport returned = world.plain(EAST, Profile.SELF_MANAGED);

        assertThat(returned.done()).containsExactly("followed");
        assertThat(world.cache(EAST).contents().position()).isEqualTo(new Position(4));
        assertThat(world.cache(EAST).standing().writable()).isFalse();
        assertThat(world.metrics.sum(Metric.SPLIT_BRAIN_SUSPECTED)).isEqualTo(1);
        world.plain(EAST, Profile.SELF_MANAGED);
        assertThat(world.replication(EAST).changes).containsExactly("follow eu-west-1");
        assertThat(world.metrics.sum(Metric.SPLIT_BRAIN_SUSPECTED)).isEqualTo(1);
    }

    @Test
    void withoutAPromotionOrALedgerNoSelfManagedCacheIsMoved() {
        world.plain(WEST, Profile.SELF_MANAGED);
        world.plain(EAST, Profile.SELF_MANAGED);
        world.ledger.append(Entries.promotion(1, "eu-west-1"), world.soon());
        world.ledger.down(true);
        world.plain(WEST, Profile.SELF_MANAGED);
        world.plain(EAST, Profile.SELF_MANAGED);

        assertThat(world.replication(EAST).changes).isEmpty();
        assertThat(world.replication(WEST).changes).isEmpty();
    }

    @Test
    void inAGlobalDatastoreReplicationIsNeverTouched() {
        world.ledger.append(Entries.promotion(1, "eu-west-1"), world.soon());

        world.plain(WEST, Profile.GLOBAL_DATASTORE);
        world.plain(EAST, Profile.GLOBAL_DATASTORE);

        assertThat(world.replication(EAST).changes).isEmpty();
        assertThat(world.replication(WEST).changes).isEmpty();
    }

    @Test
    void aPromotionOfACacheThatLagsIsRefusedWithTheFigures() {
        world.put(2);
        world.plain(EAST, Profile.SELF_MANAGED);
        world.cache(WEST).copyOf(world.cache(EAST));
        world.put(1);
        world.time.advance(Duration.between(world.ledger.log().getLast().at(), world.time.now())
                .negated()
                .plusSeconds(6));

        PulseReport report = world.promote(WEST, Profile.SELF_MANAGED);

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.reason())
                .isEqualTo("the cache of eu-west-1 lags by 6000 ms, but at most 5000 ms are allowed");
        assertThat(report.lag()).isEqualTo(Duration.ofSeconds(6));
        assertThat(promotions()).isEmpty();
    }

    @Test
    void statusAndDryRunChangeNothing() {
        world.put(2);
        world.cache(WEST).copyOf(world.cache(EAST));
        world.cache(WEST).readOnly(false);
        world.ledger.append(Entries.promotion(3, "eu-west-1"), world.soon());

        for (Region region : List.of(EAST, WEST, SOUTH)) {
            world.pulse(region, Profile.SELF_MANAGED, true).pulse(new PulseRequest.Status());
        }
        world.pulse(SOUTH, Profile.SELF_MANAGED, false)
                .pulse(new PulseRequest.Promote(SOUTH, "alice", true, true, Duration.ZERO));

        assertThat(world.ledger.log()).hasSize(3);
        assertThat(world.replication(EAST).changes).isEmpty();
        assertThat(world.cache(WEST).contents().position()).isNull();
        assertThat(world.metrics.values(Metric.SPLIT_BRAIN_SUSPECTED)).hasSize(1);
    }

    @Test
    void aCacheBeyondTheLedgersEndIsAProblemAndIsNotConfirmed() {
        world.put(2);
        world.plain(EAST, Profile.GLOBAL_DATASTORE);
        Instant confirmed = world.time.now();
        world.cache(EAST).apply(List.of(Entries.put(3, "lost")), null);
        world.time.advance(Duration.ofMinutes(1));

        PulseReport report = world.plain(EAST, Profile.GLOBAL_DATASTORE);

        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("position 3, but the ledger ends at 2: was the table restored");
        assertThat(report.done()).isEmpty();
        assertThat(world.cache(EAST).head().checked()).isEqualTo(confirmed);
    }

    @Test
    void failuresAreCountedBySchedulesPulsesInARowOnly() {
        world.cache(EAST).down(true);
        for (int i = 0; i < 2; i++) {
            world.plain(WEST, Profile.GLOBAL_DATASTORE);
            world.time.advance(PulseWorld.INTERVAL);
        }
        world.wakeAsPrimary(WEST);
        world.wakeAsPrimary(WEST);
        assertThat(failures()).isEqualTo(2);

        world.time.advance(PulseWorld.INTERVAL.multipliedBy(3));
        world.plain(WEST, Profile.GLOBAL_DATASTORE);
        assertThat(failures()).as("a pause begins the count anew").isEqualTo(1);

        world.time.advance(PulseWorld.INTERVAL);
        world.cache(EAST).down(false);
        world.cache(EAST).denied(true);
        world.plain(WEST, Profile.GLOBAL_DATASTORE);
        assertThat(failures()).as("a password that is refused is no loss").isZero();
    }

    private int failures() {
        return world.ledger.views(world.soon()).getFirst().failures();
    }

    @Test
    void aMajorityThatLostTheHomeMovesItAndOneRegionAloneNever() {
        world.put(2);
        world.plain(EAST, Profile.SELF_MANAGED);
        world.cache(WEST).copyOf(world.cache(EAST));
        world.cache(SOUTH).copyOf(world.cache(EAST));
        world.cache(EAST).down(true);
        Pulse west = world.pulse(WEST, Profile.SELF_MANAGED, true);
        Pulse south = world.pulse(SOUTH, Profile.SELF_MANAGED, true);
        for (int i = 0; i < 5; i++) {
            south.pulse(new PulseRequest.Plain());
            world.time.advance(PulseWorld.INTERVAL);
        }
        assertThat(promotions()).isEmpty();

        for (int i = 0; i < 3; i++) {
            west.pulse(new PulseRequest.Plain());
            assertThat(promotions()).isEmpty();
            PulseReport acting = south.pulse(new PulseRequest.Plain());
            assertThat(acting.outcome()).isEqualTo(i < 2 ? Outcome.PULSED : Outcome.PROMOTED);
            world.time.advance(PulseWorld.INTERVAL);
        }

        assertThat(promotions()).containsExactly(SOUTH);
        assertThat(world.ledger.log().getLast().actor()).isEqualTo("auto-promotion");
        assertThat(world.replication(SOUTH).changes).containsExactly("lead");
        west.pulse(new PulseRequest.Plain());
        assertThat(world.replication(WEST).changes).containsExactly("follow ap-southeast-1");
    }

    @Test
    void inAGlobalDatastoreTheWishIsReportedAndNotActedOn() {
        world.put(1);
        world.plain(EAST, Profile.GLOBAL_DATASTORE);
        world.cache(WEST).copyOf(world.cache(EAST));
        world.cache(SOUTH).copyOf(world.cache(EAST));
        world.cache(EAST).down(true);
        PulseReport south = world.plain(SOUTH, Profile.GLOBAL_DATASTORE);
        for (int i = 0; i < 3; i++) {
            world.time.advance(PulseWorld.INTERVAL);
            world.plain(WEST, Profile.GLOBAL_DATASTORE);
            south = world.pulse(SOUTH, Profile.GLOBAL_DATASTORE, true).pulse(new PulseRequest.Plain());
        }

        assertThat(json(south).get("promotionWanted"))
                .isEqualTo(Map.of(
                        "region",
                        "ap-southeast-1",
                        "why",
                        "2 of 3 regions found the cache of us-east-1 out of reach at least 3 times in a row"));
        assertThat(promotions()).isEmpty();
        assertThat(world.plain(SOUTH, Profile.GLOBAL_DATASTORE).wanted())
                .as("opt in")
                .isNull();
    }

    @Test
    void twoRegionsPromotedAtOnceAgreeOnTheLast() {
        Promotion none = null;
        var west = new Promoter(world.ledger, WEST, world.time, new java.util.SplittableRandom(1));
        var south = new Promoter(world.ledger, SOUTH, world.time, new java.util.SplittableRandom(2));

        assertThat(west.promote(none, "alice", "a", world.soon())).isInstanceOf(Promoter.Result.Appended.class);
        assertThat(south.promote(none, "bob", "b", world.soon())).isInstanceOf(Promoter.Result.Overtaken.class);
        assertThat(promotions()).containsExactly(WEST);
    }

    @Test
    void theReportHasTheShapeThatWasAgreed() {
        world.put(2);
        world.cache(SOUTH).down(true);

        Map<?, ?> report = json(world.plain(EAST, Profile.GLOBAL_DATASTORE));

        assertThat(Json.write(report))
                .isEqualTo("{\"region\":\"us-east-1\",\"at\":\"2026-11-21T05:00:00Z\",\"profile\":\"global-datastore\","
                        + "\"home\":{\"region\":\"us-east-1\",\"epoch\":0,\"since\":null,\"entry\":null},"
                        + "\"cache\":{\"reachable\":true,\"writable\":true,\"position\":2,"
                        + "\"checkedAt\":\"2026-11-21T05:00:00Z\",\"behind\":0,\"lagMs\":0},"
                        + "\"ledger\":{\"reachable\":true,\"end\":2},"
                        + "\"caches\":[{\"region\":\"us-east-1\",\"reachable\":true,\"writable\":true,\"position\":2,\"roundTripMs\":0},"
                        + "{\"region\":\"eu-west-1\",\"reachable\":true,\"writable\":false,\"position\":null,\"roundTripMs\":0},"
                        + "{\"region\":\"ap-southeast-1\",\"reachable\":false,\"writable\":false,\"position\":null,\"roundTripMs\":null}],"
                        + "\"views\":[{\"region\":\"us-east-1\",\"at\":\"2026-11-21T05:00:00Z\",\"home\":\"us-east-1\",\"failures\":0,\"writable\":true,\"position\":2}],"
                        + "\"replication\":{\"measuredAt\":\"2026-11-21T05:00:00Z\",\"lagMs\":null,\"heartbeatAt\":\"2026-11-21T05:00:00Z\"},\"repairMs\":0.0,"
                        + "\"promotionWanted\":null,\"outcome\":\"pulsed\",\"reason\":null,\"done\":[\"caught_up\"],"
                        + "\"problems\":[\"caches: cache in ap-southeast-1 gave no useful answer: it is down\"]}");
    }

    private static Map<?, ?> json(PulseReport report) {
        if (Json.parse(report.toJson()) instanceof Map<?, ?> tree) {
            return tree;
        }
        throw new AssertionError("no object");
    }
}
