package dev.burgee.pulse;

import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.failure.BurgeeException;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What went wrong in one pulse: noted and logged, and the next step goes on. Not thread-safe. */
final class Problems {
    private final Log log;
    private final List<String> texts = new ArrayList<>();

    Problems(Log log) {
        this.log = log;
    }

    /** Takes a step; empty when it failed. */
    <T> Optional<T> step(String step, Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (RuntimeException e) {
            note(step, text(e));
            return Optional.empty();
        }
    }

    void note(String step, String problem) {
        texts.add(step + ": " + problem);
        log.warn("pulse_step_failed", Map.of("step", step, "problem", problem));
    }

    /** Notes what has a log line of its own. */
    void add(String problem) {
        texts.add(problem);
    }

    List<String> texts() {
        return List.copyOf(texts);
    }

    /** Our own exceptions' messages are fit to print; of others the class alone, as a message may quote a payload. */
    static String text(@Nullable Throwable e) {
        return switch (e) {
            case null -> "no cause";
            case BurgeeException ours -> ours.text();
            case CacheUnavailableException ours -> String.valueOf(ours.getMessage());
            case LedgerUnavailableException ours -> String.valueOf(ours.getMessage());
            default -> "defect: " + e.getClass().getName() + at(e);
        };
    }

    private static String at(Throwable e) {
        return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
    }
}
