package dev.burgee.tier;

import dev.burgee.time.Deadline;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Work in a thread of its own, beside what its caller does meanwhile. It ends by its own limits, also where nobody waits
 * for it any more.
 *
 * @param <T> what it answers
 */
public final class Beside<T> {
    private final FutureTask<T> work;

    private Beside(FutureTask<T> work) {
        this.work = work;
    }

    /**
     * Begins it.
     *
     * @param name of the thread
     */
    public static <T> Beside<T> start(String name, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name(name).start(task);
        return new Beside<>(task);
    }

    /**
     * Waits for its answer; throws what it threw.
     *
     * @param unanswered makes the exception for a deadline that passed, or an interruption, of its cause
     */
    public T outcome(Deadline deadline, Function<Exception, RuntimeException> unanswered) {
        try {
            return work.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw unanswered.apply(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered.apply(e);
        }
    }
}
