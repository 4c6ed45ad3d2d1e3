package dev.burgee.write;

import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.log.Log;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Materialises the ledger's state now and then, while the cache is being told: the writer of every 16th entry and of each
 * import does it for all entries before. Free to fail: the next one does it again. Thread-safe.
 */
final class Housekeeping {
    /** Entries between two rounds: what a reader of the ledger has to read beyond the state items, at most. */
    static final int EVERY = 16;

    private static final Duration LIMIT = Duration.ofMillis(1_500);

    private final Ledger ledger;
    private final Log log;
    private final Time time;

    Housekeeping(Ledger ledger, Log log, Time time) {
        this.ledger = ledger;
        this.log = log;
        this.time = time;
    }

    /**
     * Tells the caches, with the round beside it when one is due. Where none could be told the answer is late already, and
     * does not wait for the round.
     */
    Propagation during(Entry entry, Deadline deadline, Supplier<Propagation> work) {
        if (entry.number() % EVERY != 0 && entry.kind() != Entry.Kind.IMPORT) {
            return work.get();
        }
        Deadline limit = Deadline.after(deadline.cap(LIMIT), time);
        FutureTask<Integer> round = new FutureTask<>(() -> ledger.materialise(limit));
        Thread.ofVirtual().name("materialise").start(round);
        Propagation result = work.get();
        if (!result.delayed()) {
            join(round, limit);
        }
        return result;
    }

    private void join(FutureTask<Integer> round, Deadline limit) {
        try {
            round.get(limit.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | LedgerUnavailableException e) {
            log.info("materialise_unfinished", Map.of("limit_ms", LIMIT.toMillis()));
        } catch (ExecutionException e) {
            log.warn("materialise_unfinished", Map.of("cause", String.valueOf(e.getCause())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
