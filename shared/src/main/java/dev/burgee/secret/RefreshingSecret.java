package dev.burgee.secret;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A secret in its parsed form: fetched on first use, never before, and kept fresh behind its users' backs. Once there is
 * a good copy it is served whatever happens to the source. Thread-safe; one fetch at a time, in a virtual thread.
 */
public final class RefreshingSecret<T> {
    /**
     * What a secret is and how it is had.
     *
     * @param what what it is called in logs and answers, for example {@code keys}
     * @param id its name or ARN
     * @param parser throws {@link MisconfiguredException} for a text that cannot be used
     * @param ageMax how old a copy may be before it is fetched again
     * @param fetchMax how long the first user waits for it; a bit more than the source's own limit
     */
    public record Parts<T>(
            String what,
            String id,
            SecretSource source,
            Function<String, T> parser,
            Duration ageMax,
            Duration fetchMax) {}

    /** Between two attempts while there is no copy at all: each is a request that could not be answered. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /** Between two attempts while an old copy serves, and between two that a rejected password asked for. */
    static final Duration NEXT_PAUSE = Duration.ofSeconds(5);

    private static final CountDownLatch LANDED = new CountDownLatch(0);

    private record Copy<T>(T value, String text, long fetchedNanos, long generation) {}

    private final Parts<T> parts;
    private final Metrics metrics;
    private final Log log;
    private final Time time;

    // guarded by this; never held while fetching
    private @Nullable Copy<T> copy;
    private @Nullable CountDownLatch flight;
    private @Nullable Long lastEndNanos;
    private @Nullable Long lastForcedNanos;
    private boolean invalidated;

    public RefreshingSecret(Parts<T> parts, Metrics metrics, Log log, Time time) {
        this.parts = parts;
        this.metrics = metrics;
        this.log = log;
        this.time = time;
    }

    /**
     * The value: at once when there is a copy, however old; else after fetching it.
     *
     * @throws UnavailableException when there is no copy and none could be fetched
     */
    public T get() {
        CountDownLatch fetch;
        synchronized (this) {
            if (copy != null && !invalidated) {
                if (!isWithin(parts.ageMax, copy.fetchedNanos)) {
                    start(NEXT_PAUSE);
                }
                return copy.value;
            }
            fetch = start(FIRST_PAUSE);
        }
        await(fetch, parts.fetchMax);
        synchronized (this) {
            if (copy == null) {
                throw new UnavailableException(
                        "the " + parts.what + " could not be fetched yet", Duration.ofSeconds(1), null);
            }
            return copy.value;
        }
    }

    /** Begins to fetch when there is no copy yet, for whoever will need it soon; waits for nothing. */
    public synchronized void prefetch() {
        if (copy == null || invalidated) {
            start(FIRST_PAUSE);
        }
    }

    /**
     * Fetches again because the copy proved wrong (a rejected password), at most every {@link #NEXT_PAUSE}, and waits for
     * it within the deadline. Returns whether the value is another than before: whether trying again makes sense.
     *
     * @param usedGeneration the {@link #generation} as it was before the {@link #get} that gave the wrong value
     */
    public boolean refreshNow(long usedGeneration, Deadline deadline) {
        CountDownLatch fetch;
        synchronized (this) {
            if (generation() != usedGeneration) {
                return true;
            }
            if (flight == null && lastForcedNanos != null && isWithin(NEXT_PAUSE, lastForcedNanos)) {
                return false;
            }
            lastForcedNanos = time.nanos();
            fetch = start(Duration.ZERO);
        }
        await(fetch, deadline.remaining());
        return generation() != usedGeneration;
    }

    /** The next use fetches and waits, as after a restore; should that fail, the copy from before serves again. */
    public synchronized void invalidate() {
        invalidated = true;
        // a fetch that was under way before a snapshot has a dead socket
        flight = null;
        lastEndNanos = null;
        lastForcedNanos = null;
        if (copy != null) {
            long oldNanos = time.nanos() - parts.ageMax.toNanos();
            copy = new Copy<>(copy.value, copy.text, oldNanos, copy.generation);
        }
    }

    /** 0 before there is a value; grows by one whenever another text replaces the one before. */
    public synchronized long generation() {
        return copy == null ? 0 : copy.generation;
    }

    synchronized boolean isFetching() {
        return flight != null;
    }

    /** The fetch under way, else a new one, else, too soon after the last one, none. */
    private CountDownLatch start(Duration pause) {
        if (flight != null) {
            return flight;
        }
        if (lastEndNanos != null && isWithin(pause, lastEndNanos)) {
            return LANDED;
        }
        CountDownLatch mine = new CountDownLatch(1);
        flight = mine;
        Thread.ofVirtual().name("secret-" + parts.what).start(() -> fly(mine));
        return mine;
    }

    private boolean isWithin(Duration pause, long sinceNanos) {
        return time.nanos() - sinceNanos < pause.toNanos();
    }

    private void fly(CountDownLatch mine) {
        String text = null;
        T value = null;
        try {
            text = parts.source.fetch(parts.id);
            value = parts.parser.apply(text);
        } catch (SecretUnavailableException | MisconfiguredException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // its message may have some of the content
            failed(e.getClass().getName());
        } finally {
            land(mine, text, value);
        }
    }

    @SuppressWarnings("ReferenceEquality") // that very fetch, not one like it
    private synchronized void land(CountDownLatch mine, @Nullable String text, @Nullable T value) {
        if (flight == mine) {
            flight = null;
            lastEndNanos = time.nanos();
            invalidated = false;
            if (text != null && value != null) {
                boolean same = copy != null && copy.text.equals(text);
                long generation = copy == null ? 1 : copy.generation + (same ? 0 : 1);
                copy = new Copy<>(same && copy != null ? copy.value : value, text, time.nanos(), generation);
            }
        }
        mine.countDown();
    }

    private void failed(String problem) {
        boolean stale;
        synchronized (this) {
            stale = copy != null;
        }
        if (stale) {
            metrics.count(Metric.SECRET_STALE);
        }
        log.warn(stale ? "secret_stale" : "secret_unavailable", Map.of("secret", parts.what, "problem", problem));
    }

    private static void await(CountDownLatch fetch, Duration limit) {
        try {
            // in time or not: whoever waited looks at what is there
            boolean ignored = fetch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
