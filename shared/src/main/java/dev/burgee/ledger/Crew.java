package dev.burgee.ledger;

import dev.burgee.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Does many small calls side by side, a bounded number at a time, and is done when all of them are. */
final class Crew {
    private Crew() {}

    /**
     * Runs all tasks on at most {@code size} virtual threads.
     *
     * @throws LedgerUnavailableException when the deadline passes first; tasks not begun by then never are
     * @throws RuntimeException the first that a task threw; tasks not begun by then never are
     */
    static void run(Collection<Runnable> tasks, int size, Deadline deadline) {
        Queue<Runnable> queue = new ConcurrentLinkedQueue<>(tasks);
        var failure = new AtomicReference<@Nullable RuntimeException>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(size, tasks.size()); i++) {
            threads.add(Thread.ofVirtual().name("ledger-crew-", i).start(() -> work(queue, failure)));
        }
        boolean done = true;
        for (Thread thread : threads) {
            done &= joined(thread, deadline.remaining());
        }
        RuntimeException first = failure.get();
        if (first != null) {
            queue.clear();
            throw first;
        }
        if (!done) {
            queue.clear();
            threads.forEach(Thread::interrupt);
            throw new LedgerUnavailableException(
                    "the ledger did not take " + tasks.size() + " items within the time that was left", null);
        }
    }

    private static void work(Queue<Runnable> queue, AtomicReference<@Nullable RuntimeException> failure) {
        for (Runnable task = queue.poll(); task != null && failure.get() == null; task = queue.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        }
    }

    private static boolean joined(Thread thread, Duration limit) {
        try {
            return thread.join(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
