package dev.burgee.pulse;

import dev.burgee.cache.CacheMonitor;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Measures replication lag: writes a heartbeat to the writable cache, and looks at this region's own until it shows it. The
 * lag is the time from the write being done there to its being visible here.
 *
 * <p>When the write was done is known from its round trip, on a connection that was open already: half of it after it left.
 * That is wrong by half of what the ways there and back differ, and never by more than half of the round trip. What is seen
 * is seen at the next look: up to {@link #LOOK_EVERY} and a hundredth of the lag late. Of several heartbeats the median
 * counts, so that one pause of the machine does not.
 */
final class Heartbeat {
    /** A heartbeat that did not arrive in this time is not waited for: the lag is at least so much. */
    static final Duration WATCH_MAX = Duration.ofSeconds(15);

    private static final Duration LOOK_EVERY = Duration.ofMillis(1);
    private static final int LOOKS_PER_LAG = 100;

    /** Looks in a row that may fail. */
    private static final int MISSES_MAX = 5;

    private static final int BEATS = 5;
    /** No further heartbeat is begun after this: where lag is large, one tells enough. */
    private static final Duration BEGIN_MAX = Duration.ofSeconds(1);

    private final Region here;
    private final Time time;
    private final Executor beside;

    /**
     * Writes nothing yet.
     *
     * @param beside runs the write, while the own cache is looked at
     */
    Heartbeat(Region here, Time time, Executor beside) {
        this.here = here;
        this.time = time;
        this.beside = beside;
    }

    /**
     * A measurement.
     *
     * @param seen whether a heartbeat arrived; if not, the lag is at least {@code lag}
     */
    record Lag(Duration lag, boolean seen) {}

    /** Writes this region's heartbeat where no replication is between: in the home's region. */
    void only(FlagCache writable) {
        writable.monitor().beat(here, now(), time);
    }

    /**
     * Measures.
     *
     * @throws CacheUnavailableException when the heartbeat could not be written, or the own cache could not be looked at
     */
    Lag measure(FlagCache writable, FlagCache own, Deadline deadline) {
        long begin = time.nanos();
        List<Duration> lags = new ArrayList<>();
        @Nullable Instant last = null;
        for (int i = 0; i < BEATS && (i == 0 || time.nanos() - begin < BEGIN_MAX.toNanos()); i++) {
            Instant at = now();
            // two within a millisecond must differ
            at = last != null && !at.isAfter(last) ? last.plusMillis(1) : at;
            last = at;
            Lag lag = one(writable, own, at, deadline);
            if (!lag.seen()) {
                return lags.isEmpty() ? lag : median(lags);
            }
            lags.add(lag.lag());
        }
        return median(lags);
    }

    private Lag one(FlagCache writable, FlagCache own, Instant at, Deadline deadline) {
        FutureTask<CacheMonitor.Beat> write =
                new FutureTask<>(() -> writable.monitor().beat(here, at, time));
        long begin = time.nanos();
        beside.execute(write);
        int missed = 0;
        while (true) {
            long looked = time.nanos();
            Instant shown = null;
            try {
                shown = own.monitor().beats(List.of(here)).get(here);
                missed = 0;
            } catch (CacheUnavailableException e) {
                // one look in thousands may be late: the next one sees as much
                if (++missed == MISSES_MAX) {
                    throw e;
                }
            }
            if (shown != null && !shown.isBefore(at)) {
                // before it was even answered there, it may be visible here
                return new Lag(since(done(write, deadline), looked), true);
            }
            if (write.isDone()) {
                done(write, deadline);
            }
            if (deadline.remaining().isZero()) {
                return new Lag(since(done(write, deadline), time.nanos()), false);
            }
            time.sleep(LOOK_EVERY.plus(Duration.ofNanos((looked - begin) / LOOKS_PER_LAG)));
        }
    }

    private static Duration since(long fromNanos, long toNanos) {
        return Duration.ofNanos(Math.max(0, toNanos - fromNanos));
    }

    private static long done(FutureTask<CacheMonitor.Beat> write, Deadline deadline) {
        try {
            // the client's own limits are shorter
            return write.get(Math.max(1, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS)
                    .doneNanos();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CacheUnavailableException unavailable) {
                throw unavailable;
            }
            throw new CacheUnavailableException("the heartbeat could not be written", e);
        } catch (TimeoutException e) {
            throw new CacheUnavailableException("the heartbeat's write did not end in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheUnavailableException("interrupted", e);
        }
    }

    private static Lag median(List<Duration> lags) {
        List<Duration> sorted = new ArrayList<>(lags);
        Collections.sort(sorted);
        return new Lag(sorted.get(sorted.size() / 2), true);
    }

    private Instant now() {
        return time.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
