package dev.burgee.local.drill;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at the world's status all the time and keeps what changes. Thread-safe. */
final class Watcher implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(300);

    private final Control control;
    private final List<StatusSeen> seen = new ArrayList<>();
    private final Thread thread;

    private Watcher(Control control) {
        this.control = control;
        seen.add(control.look());
        thread = Thread.ofVirtual().name("watcher").start(this::watch);
    }

    static Watcher start(Control control) {
        return new Watcher(control);
    }

    /** What was, and each change since. */
    List<StatusSeen> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    StatusSeen last() {
        synchronized (seen) {
            return seen.getLast();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            Clock.pause(LOOK_EVERY);
            try {
                StatusSeen now = control.look();
                synchronized (seen) {
                    if (!now.says(seen.getLast())) {
                        seen.add(now);
                    }
                }
            } catch (UncheckedIOException | IllegalStateException e) {
                // the next look may be answered; one that never is leaves the drill without a moved record
            }
        }
    }
}
