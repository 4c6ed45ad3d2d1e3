package dev.burgee.pulse;

import dev.burgee.ledger.Position;
import dev.burgee.ledger.RegionView;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether the regions agree that the home is lost, and which of them is to take over. Pure. */
final class Quorum {
    /** Probes in a row that must have failed, in each region that counts. */
    static final int FAILURES_MIN = 3;

    /** Views older than so many pulses do not count, nor those from so far in the future. */
    private static final int PULSES_MAX = 2;

    /** One region's view is never enough, however few regions there are. */
    private static final int VIEWS_MIN = 2;

    private Quorum() {}

    /** That a region should be promoted. */
    record Wanted(Region region, String why) {}

    /**
     * Decides by the views of the regions that have a cache.
     *
     * @param home the home as the ledger has it
     * @return which region is to be promoted; each region that asks with the same views gets the same answer
     */
    static Optional<Wanted> decide(
            Collection<RegionView> views, Collection<Region> regions, Region home, Instant now, Duration interval) {
        List<RegionView> fresh = views.stream()
                .filter(view -> regions.contains(view.region()) && isFresh(view.at(), now, interval))
                .toList();
        long agreeing = fresh.stream()
                .filter(view -> view.home().equals(home) && view.failures() >= FAILURES_MIN)
                .count();
        if (agreeing < VIEWS_MIN || 2 * agreeing <= regions.size()) {
            return Optional.empty();
        }
        // not the home itself, which may see its own cache well while nobody else does
        return fresh.stream()
                .filter(view -> view.position() != null && !view.region().equals(home))
                .min(Comparator.comparing(Quorum::position)
                        .reversed()
                        .thenComparing(view -> view.region().code()))
                .map(view -> new Wanted(
                        view.region(),
                        agreeing + " of " + regions.size() + " regions found the cache of " + home
                                + " out of reach at least " + FAILURES_MIN + " times in a row"));
    }

    static boolean isFresh(Instant at, Instant now, Duration interval) {
        Duration age = Duration.between(at, now).abs();
        return age.compareTo(interval.multipliedBy(PULSES_MAX)) <= 0;
    }

    private static Position position(RegionView view) {
        return Objects.requireNonNull(view.position());
    }
}
