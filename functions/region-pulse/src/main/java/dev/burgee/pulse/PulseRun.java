package dev.burgee.pulse;

import dev.burgee.catchup.CaughtUp;
import dev.burgee.health.RegionHealth;
import dev.burgee.hint.Hint;
import dev.burgee.hint.HomeHint;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.Promotion;
import dev.burgee.ledger.RegionView;
import dev.burgee.ledger.ViewFormat;
import dev.burgee.metrics.Metric;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One pulse, step by step: ask all caches; read the ledger's last promotion and end; append a promotion if the rules say so;
 * make the own cache lead or follow (self-managed); catch it up if it is writable; announce; materialise; measure; leave this
 * region's view and look at the others'. No step waits for the success of a later one, each has its limit, and what fails is
 * reported. Used once.
 */
final class PulseRun {
    /** No step begins after this; far below the function's 300 s. */
    static final Duration WHOLE = Duration.ofSeconds(48);

    private static final Duration ASK = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration PROMOTE = Duration.ofSeconds(10);
    private static final Duration CATCH_UP = Duration.ofSeconds(15);
    private static final Duration MATERIALISE = Duration.ofSeconds(5);
    private static final int ROUNDS_MAX = 100;

    private final Pulse.Parts parts;
    private final PulseRequest request;
    private final boolean changes;
    private final Deadline whole;
    private final Problems problems;
    private final RollCall rollCall;
    private final List<String> done = new ArrayList<>();

    private Map<Region, Probe> probes = new LinkedHashMap<>();
    private @Nullable Region primary;
    private boolean ledgerReachable;
    private @Nullable Promotion promotion;
    private @Nullable Position end;
    private @Nullable Double ledgerMs;
    private double repairMs;
    private @Nullable Duration lag;
    private List<RegionView> views = List.of();
    private Quorum.@Nullable Wanted wanted;
    private Outcome outcome = Outcome.PULSED;
    private @Nullable String reason;

    PulseRun(Pulse.Parts parts, PulseRequest request) {
        this.parts = parts;
        this.request = request;
        this.changes = !(request instanceof PulseRequest.Status);
        this.whole = Deadline.after(WHOLE, parts.time());
        this.problems = new Problems(parts.log());
        this.rollCall = new RollCall(parts.caches(), parts.time());
    }

    PulseReport run() {
        Optional<Topology> topology = problems.step("topology", parts.topology());
        if (topology.isPresent()) {
            primary = topology.get().primary();
            ask();
            look();
            decide();
            if (changes) {
                settle();
            }
            if (request instanceof PulseRequest.Plain) { // who woke us waits for the report
                materialise();
                scrub();
            }
            compareViews();
            if (changes && isAutomaticallyPromoted()) {
                settle();
            }
            if (!done.isEmpty()) {
                lookAgain();
            }
        } else {
            outcome = request instanceof PulseRequest.Promote ? Outcome.REFUSED : Outcome.PULSED;
            reason = "the topology is not known";
        }
        return report();
    }

    private void ask() {
        problems.step("caches", () -> rollCall.all(limit(ASK))).ifPresent(all -> probes = new LinkedHashMap<>(all));
        probes.values().stream()
                .filter(probe -> probe.problem() != null)
                .forEach(probe -> problems.note("caches", String.valueOf(probe.problem())));
    }

    private void look() {
        ledgerReachable = problems.step("ledger", () -> {
                    Deadline deadline = limit(LOOK);
                    promotion = parts.ledger().lastPromotion(deadline).orElse(null);
                    long asked = parts.time().nanos();
                    end = parts.ledger().end(deadline);
                    ledgerMs = (parts.time().nanos() - asked) / 1e6;
                    return true;
                })
                .isPresent();
        if (changes) {
            parts.metrics().add(Metric.PRIMARY_REACHABLE, isPrimaryReachable() ? 1 : 0);
        }
        countWritable();
        measureLag();
    }

    private void countWritable() {
        String writable = probes.values().stream()
                .filter(Probe::isWritable)
                .map(probe -> probe.region().code())
                .collect(Collectors.joining(","));
        if (!writable.contains(",")) {
            return;
        }
        problems.add("split brain: the caches of " + writable + " accept writes");
        if (changes) {
            parts.metrics().count(Metric.SPLIT_BRAIN_SUSPECTED);
            parts.log()
                    .warn(
                            "split_brain_suspected",
                            Map.of("home", situation().home().code(), "writable", writable));
        }
    }

    /** While nobody can say who is home, any cache that accepts writes will do. */
    private boolean isPrimaryReachable() {
        Probe home = ledgerReachable ? probes.get(situation().home()) : null;
        return ledgerReachable
                ? home != null && home.standing() != null
                : probes.values().stream().anyMatch(Probe::isWritable);
    }

    private void measureLag() {
        lag = null;
        Probe own = probes.get(parts.here());
        Position at = own == null ? null : own.position();
        Position last = end;
        if (at == null || last == null) {
            return;
        }
        if (at.compareTo(last) > 0) {
            problems.note(
                    "ledger",
                    "the cache of " + parts.here() + " shows position " + at + ", but the ledger ends at " + last
                            + ": was the table restored to an earlier point?");
        } else if (at.equals(last)) {
            lag = Duration.ZERO;
        } else {
            problems.step("ledger", () -> parts.ledger().entriesAfter(at, 1, limit(LOOK)))
                    .flatMap(entries -> entries.stream().findFirst())
                    .map(Entry::at)
                    .ifPresent(oldest ->
                            lag = positive(Duration.between(oldest, parts.time().now())));
        }
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private void decide() {
        if (request instanceof PulseRequest.Wake
                && PromotionRule.decide(request, situation()) instanceof PromotionRule.Ruling.Append) {
            // much may have happened since they were asked: a region that was cut off may be back, and demoted
            askAgain(home());
            askOwn();
        }
        switch (PromotionRule.decide(request, situation())) {
            case PromotionRule.Ruling.Leave(Outcome ruled, String why) -> {
                outcome = ruled;
                reason = why;
            }
            case PromotionRule.Ruling.Append(String actor) -> append(actor);
        }
    }

    private void append(String actor) {
        Optional<Promoter.Result> result = problems.step(
                "promotion",
                () -> parts.promoter()
                        .promote(promotion, actor, parts.operationIds().get(), limit(PROMOTE)));
        if (result.isEmpty()) {
            outcome = request instanceof PulseRequest.Promote ? Outcome.REFUSED : Outcome.PULSED;
            reason = "it is not clear whether the promotion is in the ledger; ask again";
            return;
        }
        switch (result.get()) {
            case Promoter.Result.Appended(Promotion ours) -> {
                promotion = ours;
                outcome = Outcome.PROMOTED;
                reason = null;
                done.add("promoted");
                parts.metrics().count(Metric.PROMOTION);
                parts.log()
                        .info(
                                "promotion_recorded",
                                Map.of(
                                        "promoted_region",
                                        ours.home().code(),
                                        "epoch",
                                        ours.epoch(),
                                        "entry",
                                        ours.entry(),
                                        "actor",
                                        actor));
            }
            case Promoter.Result.Overtaken(Promotion by) -> {
                promotion = by;
                boolean ours = by.home().equals(parts.here());
                outcome = ours
                        ? Outcome.ALREADY
                        : request instanceof PulseRequest.Promote ? Outcome.REFUSED : Outcome.PULSED;
                reason = ours ? null : by.home() + " was promoted meanwhile, by entry " + by.entry();
            }
        }
    }

    /** Makes everything that is this region's do as the last promotion says. */
    private void settle() {
        replicate();
        catchUp();
        announce();
    }

    private void replicate() {
        switch (FollowRule.decide(situation())) {
            case FollowRule.Ruling.Leave() -> {
                return;
            }
            case FollowRule.Ruling.Lead() ->
                problems.step("replication", () -> {
                    parts.replication().lead();
                    moved("led");
                    return true;
                });
            case FollowRule.Ruling.Follow(Region home) ->
                problems.step("replication", () -> {
                    if (parts.replication().follow(home)) {
                        moved("followed");
                    }
                    return true;
                });
        }
        askOwn();
    }

    private void moved(String how) {
        done.add(how);
        parts.log()
                .info(
                        "cache_moved",
                        Map.of("how", how, "home", situation().home().code()));
    }

    private void catchUp() {
        long begin = parts.time().nanos();
        bringToTheEnd();
        repairMs += (parts.time().nanos() - begin) / 1e6;
    }

    private void bringToTheEnd() {
        Probe own = probes.get(parts.here());
        if (own == null || !own.isWritable() || !ledgerReachable) {
            return;
        }
        problems.step(
                        "catch-up",
                        () -> parts.catchUp()
                                .toTheEnd(
                                        parts.caches().of(parts.here()),
                                        situation().home(),
                                        limit(CATCH_UP)))
                .ifPresent(result -> {
                    // beyond the end is reported with the lag
                    if (result instanceof CaughtUp.AtTheEnd(Position position, long applied, boolean loaded)) {
                        done.add("caught_up");
                        askOwn();
                        if (applied > 0 || loaded) {
                            parts.metrics().count(Metric.REPAIRED);
                            parts.log()
                                    .info(
                                            "cache_caught_up",
                                            Map.of(
                                                    "position",
                                                    position.number(),
                                                    "entries",
                                                    applied,
                                                    "loaded",
                                                    loaded));
                        }
                    }
                });
    }

    private void announce() {
        Promotion last = promotion;
        if (parts.hint().isEmpty() || last == null || !ledgerReachable) {
            return;
        }
        problems.step("hint", () -> parts.hint().get().announce(new Hint(last.home(), last.epoch(), last.since())))
                .ifPresent(announced -> {
                    switch (announced) {
                        case HomeHint.Announced.Written _ -> {
                            done.add("announced");
                            parts.log()
                                    .info(
                                            "home_announced",
                                            Map.of(
                                                    "promoted_region",
                                                    last.home().code(),
                                                    "epoch",
                                                    last.epoch()));
                        }
                        case HomeHint.Announced.Kept _ -> {}
                        case HomeHint.Announced.Failed(HomeHint.Why _, String problem) ->
                            problems.note("hint", problem);
                    }
                });
    }

    private void materialise() {
        if (!ledgerReachable) {
            return;
        }
        Deadline deadline = limit(MATERIALISE);
        problems.step("materialise", () -> {
            int left = 1;
            for (int round = 0;
                    round < ROUNDS_MAX && left > 0 && !deadline.remaining().isZero();
                    round++) {
                left = parts.ledger().materialise(deadline);
            }
            return left;
        });
    }

    /** Also of a replica: whatever differs there came to it, or was put there. */
    private void scrub() {
        Probe own = probes.get(parts.here());
        if (own == null || own.position() == null || !ledgerReachable) {
            return;
        }
        long begin = parts.time().nanos();
        problems.step("scrub", () -> parts.scrub().look(parts.caches().of(parts.here()), limit(LOOK)))
                .ifPresent(found -> found.differences().forEach(difference -> {
                    problems.add("scrub: " + difference);
                    parts.metrics().count(Metric.CACHE_DIFFERS);
                    parts.log().error("cache_differs", Map.of("difference", difference));
                }));
        repairMs += (parts.time().nanos() - begin) / 1e6;
    }

    private void compareViews() {
        if (ledgerReachable) {
            problems.step("views", () -> {
                views = parts.ledger().views(limit(LOOK));
                return true;
            });
        }
        if (changes) {
            leave();
        }
        if (parts.autoPromote() && ledgerReachable) {
            Instant now = parts.time().now();
            wanted = Quorum.decide(views, probes.keySet(), situation().home(), now, parts.interval())
                    .filter(found -> found.region().equals(parts.here()))
                    .orElse(null);
        }
    }

    /** In the ledger, where all regions find it, and beside the flags, where readers have it at hand. */
    private void leave() {
        RegionHealth left = views.stream()
                .filter(view -> view.region().equals(parts.here()))
                .map(RegionView::health)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        // who woke us waits: what was measured last has to do
        RegionHealth health = request instanceof PulseRequest.Plain
                ? parts.checkUp().examine(facts(), left, problems, limit(Heartbeat.WATCH_MAX))
                : left == null ? parts.checkUp().last() : left;
        RegionView own = ownView(parts.time().now().truncatedTo(ChronoUnit.MILLIS), health);
        if (ledgerReachable) {
            problems.step("views", () -> {
                parts.ledger().leave(own, limit(LOOK));
                return true;
            });
        }
        Region writable = writable();
        if (writable != null) {
            problems.step("views", () -> {
                parts.caches().of(writable).monitor().post(parts.here(), ViewFormat.write(own));
                return true;
            });
        }
        Map<Region, RegionView> all = views.stream()
                .collect(Collectors.toMap(RegionView::region, view -> view, (a, _) -> a, LinkedHashMap::new));
        all.put(parts.here(), own);
        views = List.copyOf(all.values());
    }

    private CheckUp.Facts facts() {
        Probe own = probes.get(parts.here());
        Position at = own == null ? null : own.position();
        Position last = end;
        return new CheckUp.Facts(
                own,
                writable(),
                (int) probes.values().stream().filter(Probe::isWritable).count(),
                isPrimaryReachable(),
                promotion != null ? (Long) promotion.epoch() : ledgerReachable ? (Long) 0L : null,
                ledgerMs,
                at == null || last == null ? null : (Long) Math.max(0, last.number() - at.number()),
                lag);
    }

    /** The home's cache if it accepts writes, else another that does; null: none. */
    private @Nullable Region writable() {
        Probe home = probes.get(home());
        return home != null && home.isWritable()
                ? home.region()
                : probes.values().stream()
                        .filter(Probe::isWritable)
                        .map(Probe::region)
                        .findFirst()
                        .orElse(null);
    }

    /** Only the schedule's pulses count failures: somebody may wake this region several times a second. */
    private RegionView ownView(Instant now, @Nullable RegionHealth health) {
        Region home = situation().home();
        Probe probed = probes.get(home);
        int before = views.stream()
                .filter(view -> view.region().equals(parts.here())
                        && view.home().equals(home)
                        && Quorum.isFresh(view.at(), now, parts.interval()))
                .mapToInt(RegionView::failures)
                .findFirst()
                .orElse(0);
        boolean failed = probed == null || probed.silent();
        int failures = !failed ? 0 : request instanceof PulseRequest.Plain ? before + 1 : before;
        Probe own = probes.get(parts.here());
        return new RegionView(
                parts.here(),
                now,
                home,
                failures,
                own != null && own.isWritable(),
                own == null ? null : own.position(),
                health);
    }

    private boolean isAutomaticallyPromoted() {
        if (parts.profile() != Profile.SELF_MANAGED || wanted == null) {
            return false;
        }
        append("auto-promotion");
        return outcome == Outcome.PROMOTED;
    }

    private Region home() {
        return promotion != null ? promotion.home() : primary != null ? primary : parts.here();
    }

    private void askOwn() {
        askAgain(parts.here());
    }

    private void askAgain(Region region) {
        if (parts.caches().regions().contains(region)) {
            problems.step("caches", () -> rollCall.one(region, limit(ASK)))
                    .ifPresent(again -> probes.put(region, again));
        }
    }

    /** The report tells how things are, not how they were. */
    private void lookAgain() {
        problems.step("ledger", () -> parts.ledger().end(limit(LOOK))).ifPresent(now -> end = now);
        if (lag == null || !lag.isZero()) {
            Probe own = probes.get(parts.here());
            if (own != null
                    && own.position() != null
                    && end != null
                    && own.position().compareTo(end) <= 0) {
                measureLag();
            }
        }
    }

    private Situation situation() {
        Probe own = probes.get(parts.here());
        Probe home = probes.get(home());
        return new Situation(
                parts.profile(),
                parts.here(),
                ledgerReachable,
                promotion,
                primary == null ? parts.here() : primary,
                own != null && own.standing() != null,
                own != null && own.isWritable(),
                home != null && home.isWritable(),
                lag);
    }

    private PulseReport report() {
        return new PulseReport(
                parts.here(),
                parts.time().now().truncatedTo(ChronoUnit.MILLIS),
                parts.profile(),
                ledgerReachable,
                promotion,
                primary,
                probes.get(parts.here()),
                end,
                lag,
                probes.values(),
                views,
                wanted,
                outcome,
                reason,
                done,
                problems.texts(),
                repairMs);
    }

    private Deadline limit(Duration step) {
        return Deadline.after(whole.cap(step), parts.time());
    }
}
