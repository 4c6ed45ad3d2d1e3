package dev.burgee.tier;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Several ways to one answer, each in a thread of its own; whichever ends first is told first. A way ends by its own limits,
 * also where nobody waits for it any more. One caller only enters and waits.
 *
 * @param <T> what a way answers
 */
public final class Race<T> {
    private final BlockingQueue<Ended<T>> ended = new LinkedBlockingQueue<>();
    private int running;

    /** The answer, or what was thrown instead. */
    private record Ended<T>(@Nullable T answer, @Nullable Throwable failure) {}

    /**
     * Begins one more way.
     *
     * @param name of its thread
     */
    public void enter(String name, Callable<T> way) {
        running++;
        Thread.ofVirtual().name(name).start(() -> {
            try {
                ended.add(new Ended<>(way.call(), null));
            } catch (Throwable e) { // whatever it is, the caller must not wait for what never comes
                ended.add(new Ended<>(null, e));
            }
        });
    }

    /** Whether a way has begun whose end was not told yet. */
    public boolean isOn() {
        return running > 0;
    }

    /**
     * Waits for the next way to end; throws what it threw.
     *
     * @return its answer; empty when none ended in that time, or none is running
     */
    public Optional<T> next(Duration wait) {
        if (running == 0) {
            return Optional.empty();
        }
        Ended<T> next;
        try {
            next = ended.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        if (next == null) {
            return Optional.empty();
        }
        running--;
        return switch (next.failure()) {
            case null -> Optional.ofNullable(next.answer());
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        };
    }
}
