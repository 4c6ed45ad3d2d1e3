package dev.burgee.primary;

import dev.burgee.cache.FlagCache;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the home of one topology: what was found by asking, else what was hinted (the local replica's {@code #home}), else
 * the topology's primary. Asking is a round to all caches at once; callers at the same moment share one, and there is at
 * most one in {@link #PAUSE}. They wait for the first cache that takes writes, and a moment; what else the round finds,
 * such as a second one, is believed when it comes.
 *
 * <p>A hint moves nothing once asking has found a home: it only causes a round. So a wrong hint costs a cold process one
 * failed try, and a warm one nothing. The CNAME is no hint on purpose: a record has to be resolved, is cached, and may be
 * out of date, while asking all caches takes as long as asking the farthest, and is true. Thread-safe; holds no lock while
 * it waits.
 */
final class PrimaryLocator {
    /** Between the end of a round and the begin of the next. */
    static final Duration PAUSE = Duration.ofMillis(500);

    /** A writer asks again beside its write when the home was found so long ago: an old primary may still take writes. */
    static final Duration RECHECK = Duration.ofSeconds(30);

    /** The same while several caches are writable. */
    static final Duration SPLIT_RECHECK = Duration.ofSeconds(5);

    private static final Duration SLACK = Duration.ofMillis(200);

    /** What it uses. */
    record Parts(Limits limits, Metrics metrics, Log log, Time time) {}

    private final List<Region> regions;
    private final Function<Region, FlagCache> caches;
    private final Region primary;
    private final Parts parts;
    private final Duration roundMax;

    private volatile Belief belief;

    // guarded by this
    private @Nullable Flight flight;
    private @Nullable Flight landedLast;
    private @Nullable Long lastEndNanos;
    private boolean lastFound;

    private record Flight(CountDownLatch landed, long startNanos) {}

    /**
     * Asks nobody yet.
     *
     * @param primary what the topology says
     * @param earlier what was believed under an earlier topology
     */
    PrimaryLocator(
            Collection<Region> regions,
            Function<Region, FlagCache> caches,
            Region primary,
            Belief earlier,
            Parts parts) {
        this.regions = List.copyOf(regions);
        this.caches = caches;
        this.primary = primary;
        this.parts = parts;
        this.belief = earlier.within(regions);
        Limits limits = parts.limits;
        // what the slowest answer may take: connect, log in (as long as connecting and reading), ask
        this.roundMax = limits.crossConnect().plus(limits.crossRead()).multipliedBy(2);
    }

    Belief belief() {
        return belief;
    }

    Region home() {
        return belief.home().orElse(primary);
    }

    /** All that are believed to be writable, the home first. An old belief, or one in several, is checked beside the caller. */
    List<Region> writable() {
        Belief now = belief;
        if (now.found().isEmpty()) {
            suspect();
            return List.of(home());
        }
        Duration ageMax = now.found().size() > 1 ? SPLIT_RECHECK : RECHECK;
        if (parts.time.nanos() - now.foundNanos() > ageMax.toNanos()) {
            suspect();
        }
        return now.found();
    }

    /** Regions without a cache are ignored. */
    void hint(Region hint) {
        Belief now = belief;
        if (hint.equals(now.hint()) && (now.hintSettled() || hint.equals(home()))) {
            return; // the usual case, on every read
        }
        if (!regions.contains(hint)) {
            return;
        }
        synchronized (this) {
            if (!hint.equals(belief.hint())) {
                belief = belief.hinted(hint);
            }
        }
        if (!hint.equals(home())) {
            suspect();
        }
    }

    /** Starts a round beside the caller, unless one is under way or ended a moment ago. */
    void suspect() {
        board();
    }

    /**
     * Waits for a round: the one under way, or a new one. A moment after a round that found nobody the answer is its
     * answer; after one that found somebody, who has failed the caller since, the pause is waited for.
     *
     * @return whether it found a writable cache, and in time
     */
    boolean locate(Deadline deadline) {
        Flight joined = board();
        if (joined == null && foundLast()) {
            Duration pause = pauseLeft();
            if (!deadline.fits(pause)) {
                return false;
            }
            parts.time.sleep(pause);
            joined = board();
        }
        return (joined == null || landed(joined, deadline)) && foundLast();
    }

    /** The round under way, or a new one; null when it is too early for one. */
    private synchronized @Nullable Flight board() {
        long now = parts.time.nanos();
        Flight current = flight;
        // a round from before the function was frozen: its sockets may be dead, and its answer late
        if (current != null
                && now - current.startNanos() <= roundMax.plus(SLACK).toNanos()) {
            return current;
        }
        if (current == null && lastEndNanos != null && now - lastEndNanos < PAUSE.toNanos()) {
            return null;
        }
        Flight started = new Flight(new CountDownLatch(1), now);
        flight = started;
        Thread.ofVirtual().name("locate").start(() -> fly(started));
        return started;
    }

    private void fly(Flight mine) {
        Region hint = belief.hint();
        try {
            Deadline deadline = Deadline.after(roundMax, parts.time);
            Round.Outcome outcome = Round.ask(regions, caches, home(), deadline, early -> {
                land(mine, early, hint);
                mine.landed().countDown();
            });
            land(mine, outcome, hint);
        } finally {
            mine.landed().countDown();
        }
    }

    /** Twice for a round that told of its first finds early; the second time for what came to light since. */
    private void land(Flight mine, Round.Outcome outcome, @Nullable Region about) {
        Region was;
        boolean foundBefore;
        synchronized (this) {
            boolean again = mine.equals(landedLast);
            if (!again && !mine.equals(flight)) {
                return; // a newer one has taken over
            }
            if (again && outcome.writable().equals(belief.found())) {
                return;
            }
            was = home();
            foundBefore = lastEndNanos == null || lastFound;
            belief = belief.asked(outcome.writable(), parts.time.nanos(), about);
            lastFound = !outcome.writable().isEmpty();
            if (!again) {
                lastEndNanos = parts.time.nanos();
                landedLast = mine;
                flight = null;
            }
        }
        tell(outcome, was, foundBefore);
    }

    private void tell(Round.Outcome outcome, Region was, boolean foundBefore) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (outcome.writable().isEmpty()) {
            if (foundBefore) {
                List<String> causes = outcome.failures().entrySet().stream()
                        .map(failure -> failure.getKey() + ": " + failure.getValue())
                        .toList();
                fields.put("home", was.code());
                fields.put("cause", causes.isEmpty() ? "all refuse writes" : String.join("; ", causes));
                parts.log.warn("no_writable_cache", fields);
            }
            return;
        }
        Region home = outcome.writable().getFirst();
        fields.put("home", home.code());
        if (!home.equals(was)) {
            parts.log.info("home_moved", Map.of("home", home.code(), "was", was.code()));
        }
        if (outcome.writable().size() > 1) {
            parts.metrics.count(Metric.SPLIT_BRAIN_SUSPECTED);
            fields.put(
                    "writable",
                    String.join(
                            ",", outcome.writable().stream().map(Region::code).toList()));
            parts.log.warn("split_brain_suspected", fields);
        }
    }

    private boolean landed(Flight joined, Deadline deadline) {
        try {
            return joined.landed().await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized boolean foundLast() {
        return lastFound;
    }

    private synchronized Duration pauseLeft() {
        long since = lastEndNanos == null ? PAUSE.toNanos() : parts.time.nanos() - lastEndNanos;
        return Duration.ofNanos(Math.max(0, PAUSE.toNanos() - since));
    }
}
