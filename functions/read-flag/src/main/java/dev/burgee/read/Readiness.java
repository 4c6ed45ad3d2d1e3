package dev.burgee.read;

import dev.burgee.cache.CacheHead;
import dev.burgee.health.HealthRule;
import dev.burgee.health.RegionHealth;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.RegionView;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether callers should be led to this region. Its cache must be warm: it shows a position that was confirmed, and is not
 * behind what a region's view showed a while ago. While no other region is known to be warm either (the home is lost, say),
 * nobody is better off elsewhere: then it is enough that there is something to answer with. Thread-safe.
 */
final class Readiness {
    /** What a view showed so long ago, a cache that follows shows too: the bound of the rule {@code lag}. */
    static final Duration BEHIND_MAX = Duration.ofSeconds(5);

    /** A region of whose view one of these holds has no warm cache, as far as anybody knows. */
    private static final Set<HealthRule> COLD =
            Set.of(HealthRule.SILENT, HealthRule.CACHE_DOWN, HealthRule.CACHE_EMPTY);

    private final Region here;
    private final Duration checkedAgeMax;
    private Position due = Position.START; // guarded by this
    private @Nullable Seen next; // guarded by this; will be due in its turn, however often views are renewed

    /**
     * Knows of no position yet.
     *
     * @param checkedAgeMax how old a confirmation may be
     */
    Readiness(Region here, Duration checkedAgeMax) {
        this.here = here;
        this.checkedAgeMax = checkedAgeMax;
    }

    /**
     * Why callers should not be led here; empty: they may be.
     *
     * @param own what this region's cache shows; null: it does not answer
     * @param ledgerAnswers whether it did lately
     */
    Optional<String> problem(
            @Nullable CacheHead own, Map<Region, RegionView> views, boolean ledgerAnswers, Instant now) {
        Optional<String> cold = cold(own, due(views.values(), now), now);
        if (cold.isEmpty()) {
            return Optional.empty();
        }
        Optional<Region> warmer = views.values().stream()
                .filter(view -> !view.region().equals(here) && isWarm(view, now))
                .map(RegionView::region)
                .min(Comparator.comparing(Region::code));
        if (warmer.isPresent()) {
            return Optional.of("this region's cache " + cold.get() + ", and that of " + warmer.get() + " is warm");
        }
        boolean hasSome = own != null && own.position() != null;
        return hasSome || ledgerAnswers
                ? Optional.empty()
                : Optional.of("this region's cache " + cold.get() + ", and the ledger did not answer lately");
    }

    private Optional<String> cold(@Nullable CacheHead own, Position least, Instant now) {
        if (own == null) {
            return Optional.of("does not answer");
        }
        Position position = own.position();
        if (position == null) {
            return Optional.of("is empty");
        }
        if (!position.isAtLeast(least)) {
            return Optional.of("shows position " + position + ", but other regions showed " + least);
        }
        return isConfirmed(own.checked(), now) ? Optional.empty() : Optional.of("was not confirmed lately");
    }

    private boolean isWarm(RegionView view, Instant now) {
        RegionHealth health = view.health();
        return health != null
                && Collections.disjoint(RegionsJson.rules(view, now), COLD)
                && isConfirmed(health.checked(), now);
    }

    private boolean isConfirmed(@Nullable Instant checked, Instant now) {
        return checked != null && !checked.isBefore(now.minus(checkedAgeMax));
    }

    /** It grows with what is shown, so that a new view hides no older one; it shrinks only when the ledger itself went back. */
    private synchronized Position due(Collection<RegionView> views, Instant now) {
        Seen furthest = null;
        for (RegionView view : views) {
            if (view.position() != null) {
                Seen seen = new Seen(view.position(), view.at());
                due = seen.isLongAgo(now) ? Position.max(due, seen.position) : due;
                furthest = furthest == null || !furthest.position.isAtLeast(seen.position) ? seen : furthest;
            }
        }
        if (furthest == null) {
            due = Position.START;
            return due;
        }
        Seen waiting = next;
        if (waiting == null || waiting.isLongAgo(now)) {
            due = waiting == null ? due : Position.max(due, waiting.position);
            next = furthest;
        }
        due = due.isAtLeast(furthest.position) ? furthest.position : due;
        return due;
    }

    /** A view's position, and when it was the cache's. */
    private record Seen(Position position, Instant at) {
        boolean isLongAgo(Instant now) {
            return now.minus(BEHIND_MAX).isAfter(at);
        }
    }
}
