package dev.burgee.read;

import dev.burgee.ledger.RegionView;
import dev.burgee.region.Region;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the regions' views from one place beside whoever asks: at most one fetch at a time, and none until some time after
 * the last has ended, or a shorter one after it has failed. Thread-safe.
 */
final class Refresh {
    /** How the last fetch ended. */
    enum State {
        NONE_YET,
        CAME,
        FAILED
    }

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Supplier<List<RegionView>> source;
    private final Duration every;
    private final Executor background;
    private final Time time;
    private final Map<Region, RegionView> known;
    private @Nullable CountDownLatch flight; // guarded by this
    private long nextNanos = Long.MIN_VALUE; // guarded by this
    private volatile State state = State.NONE_YET;

    /**
     * Fetches nothing yet.
     *
     * @param source where views are; fails with a {@link RuntimeException}
     * @param known what is fetched goes here, the newest view of each region
     */
    Refresh(
            Supplier<List<RegionView>> source,
            Duration every,
            Executor background,
            Time time,
            ConcurrentHashMap<Region, RegionView> known) {
        this.source = source;
        this.every = every;
        this.background = background;
        this.time = time;
        this.known = known;
    }

    /** Begins a fetch, if it is time for one. */
    void begin() {
        CountDownLatch mine = new CountDownLatch(1);
        synchronized (this) {
            if (flight != null || (nextNanos != Long.MIN_VALUE && time.nanos() - nextNanos < 0)) {
                return;
            }
            flight = mine;
        }
        background.execute(() -> {
            State ended = State.FAILED;
            try {
                source.get().forEach(view -> known.merge(view.region(), view, Refresh::newer));
                ended = State.CAME;
            } catch (RuntimeException _) {
                // what is known stays, and its age shows
            } finally {
                Duration pause = ended == State.FAILED && every.compareTo(AGAIN) > 0 ? AGAIN : every;
                synchronized (this) {
                    state = ended;
                    flight = null;
                    nextNanos = time.nanos() + pause.toNanos();
                }
                mine.countDown();
            }
        });
    }

    State state() {
        return state;
    }

    /** Waits for a fetch that is under way, but not for long. */
    void await(Duration most) {
        CountDownLatch current;
        synchronized (this) {
            current = flight;
        }
        try {
            if (current != null) {
                var _ = current.await(most.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static RegionView newer(RegionView a, RegionView b) {
        return b.at().isAfter(a.at()) ? b : a;
    }
}
