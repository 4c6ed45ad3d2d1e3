package dev.burgee.write;

import dev.burgee.failure.TooLargeException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.EntryTooLargeException;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Position;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.region.Region;
import dev.burgee.tier.Beside;
import dev.burgee.tier.Retry;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gets one decision into the ledger exactly once: decides on a state, appends the next entry, and after any outcome but
 * success looks for its own entry before it decides again. Once it has lost a race for a number it asks what others
 * appended beside each append, not after it: a writer an ocean away then waits for one crossing per try, not two.
 *
 * <p>An answer from beside an append may be older than the append's outcome. That does no harm: the view only moves on over
 * entries that were seen, so the number that is tried next is never beyond one that might be its own. Thread-safe.
 */
final class Appender {
    /** Entries per query while looking for what happened since. */
    private static final int TAIL_PAGE = 200;

    /** While the first try of an idempotency key may still be under way, a repeat does not refuse. */
    static final Duration CLAIM_SETTLES = Duration.ofSeconds(15);

    /** A wait of up to this before the same number is tried again, when nobody else took it. */
    private static final Duration SETTLE_MAX = Duration.ofMillis(50);

    private final Ledger ledger;
    private final Region here;
    private final Metrics metrics;
    private final Time time;
    private final Retry retry;
    private final RandomGenerator random;
    /** Whether somebody else took the last number that was tried: likely to happen again. */
    private volatile boolean crowded;

    Appender(Ledger ledger, Region here, Metrics metrics, Time time, Retry retry, RandomGenerator random) {
        this.ledger = ledger;
        this.here = here;
        this.metrics = metrics;
        this.time = time;
        this.retry = retry;
        this.random = random;
    }

    /** An entry in the ledger, and a moment before it was appended, or null when an earlier try appended it. */
    record Appended(Entry entry, @Nullable Instant before) {}

    /**
     * Appends what the request decides to.
     *
     * @param copy a state to decide on at once, from a cache; null: ask the ledger
     * @throws dev.burgee.failure.BurgeeException the refusal, decided at the ledger's end; or unavailable
     */
    Appended append(WriteRequest request, Operation operation, @Nullable View copy, Deadline deadline) {
        return new Attempt(request, operation, deadline).run(copy);
    }

    /** One request on its way into the ledger. */
    private final class Attempt {
        private final WriteRequest request;
        private final Operation operation;
        private final Deadline deadline;
        private boolean mayHaveAppended;
        private boolean lostARace;

        Attempt(WriteRequest request, Operation operation, Deadline deadline) {
            this.request = request;
            this.operation = operation;
            this.deadline = deadline;
        }

        Appended run(@Nullable View copy) {
            if (operation.isRepeat()) {
                Optional<Entry> earlier = operation.findIn(retrying(() -> tail(claimedSince())));
                if (earlier.isPresent()) {
                    return new Appended(earlier.get(), null);
                }
            }
            // a repeat decides at the ledger's end only: its first try may be anywhere up to there
            boolean onCopy = copy != null && !operation.isRepeat();
            View view = copy != null && onCopy ? copy : retrying(this::end);
            Position since = operation.since() == null ? view.position() : claimedSince();
            while (true) {
                Instant now = time.now().truncatedTo(ChronoUnit.MILLIS);
                Decider.Stamp stamp = new Decider.Stamp(view.position().number() + 1, now, request.actor());
                switch (Decider.decide(request.command(), request.precondition(), view, stamp)) {
                    case Decision.Refuse(var reason) -> {
                        if (!onCopy) {
                            throw mayBeTooEarly(now) ? underWay() : reason;
                        }
                        // what a copy refuses, the ledger's end may accept
                        Position copied = view.position();
                        view = view.after(retrying(() -> tail(copied)));
                        onCopy = false;
                    }
                    case Decision.Accept(var kind, var changes) -> {
                        Entry entry = new Entry(
                                stamp.number(), kind, changes, request.actor(), now, here, operation.id(), null);
                        Supplier<List<Entry>> others = crowded ? beside(since) : () -> tail(since);
                        if (isAppended(entry)) {
                            crowded = lostARace;
                            return new Appended(entry, now);
                        }
                        List<Entry> tail = retrying(others);
                        Optional<Entry> own = operation.findIn(tail);
                        if (own.isPresent()) {
                            return new Appended(own.get(), null);
                        }
                        view = afterConflict(view, tail);
                        onCopy = false;
                    }
                }
            }
        }

        /** The state to decide on again, once somebody else took the number, or nobody can say who did. */
        private View afterConflict(View view, List<Entry> tail) {
            if (deadline.remaining().isZero()) {
                throw unavailable(null);
            }
            List<Entry> others = tail.stream()
                    .filter(entry -> entry.number() > view.position().number())
                    .toList();
            if (others.isEmpty()) {
                time.sleep(Duration.ofNanos(random.nextLong(SETTLE_MAX.toNanos())));
            } else {
                lostARace = true;
                crowded = true;
                metrics.count(Metric.WRITE_CONFLICT);
            }
            return view.after(others);
        }

        private boolean isAppended(Entry entry) {
            try {
                mayHaveAppended = true;
                return retrying(() -> ledger.append(entry, deadline)) == Ledger.Appended.DONE;
            } catch (EntryTooLargeException e) {
                throw new TooLargeException(e.getMessage() + "; split the file and import the parts with mode=merge");
            }
        }

        private Position claimedSince() {
            Position claimed = operation.since();
            return claimed == null ? Position.START : claimed;
        }

        private boolean mayBeTooEarly(Instant now) {
            Instant claimed = operation.claimedAt();
            return claimed != null && Duration.between(claimed, now).compareTo(CLAIM_SETTLES) < 0;
        }

        private UnavailableException underWay() {
            return new UnavailableException(
                    "an earlier request with this Idempotency-Key may still be under way; repeat it later",
                    Duration.ofSeconds(5),
                    null);
        }

        private View end() {
            return switch (request.command()) {
                case Command.OnOneFlag one -> {
                    var reading = ledger.read(one.key(), deadline);
                    yield new View(Map.of(one.key(), reading.state()), reading.position());
                }
                case Command.Import _ -> {
                    var state = ledger.readAll(deadline);
                    yield new View(state.flags(), state.position());
                }
            };
        }

        private List<Entry> tail(Position after) {
            List<Entry> tail = new ArrayList<>();
            Position at = after;
            List<Entry> page;
            do {
                page = ledger.entriesAfter(at, TAIL_PAGE, deadline);
                tail.addAll(page);
                at = page.isEmpty() ? at : page.getLast().position();
            } while (page.size() == TAIL_PAGE);
            return tail;
        }

        /** Begins to read the tail now; the answer's first call waits for it, any later one reads again. */
        private Supplier<List<Entry>> beside(Position after) {
            Beside<List<Entry>> reading = Beside.start("tail", () -> tail(after));
            AtomicBoolean asked = new AtomicBoolean();
            return () -> asked.getAndSet(true)
                    ? tail(after)
                    : reading.outcome(
                            deadline, e -> new LedgerUnavailableException("the ledger's tail was not read in time", e));
        }

        private <T> T retrying(Supplier<T> call) {
            try {
                return retry.call(
                        LedgerUnavailableException.class, deadline, () -> metrics.count(Metric.WRITE_RETRY), call);
            } catch (LedgerUnavailableException e) {
                throw unavailable(e);
            }
        }

        private UnavailableException unavailable(@Nullable Throwable cause) {
            return new UnavailableException(
                    mayHaveAppended
                            ? "the ledger did not answer clearly in time, so the change may or may not have been kept; "
                                    + "repeat the request with the same Idempotency-Key, or read the flag"
                            : "no region of the ledger answered in time; nothing was changed",
                    Duration.ofSeconds(2),
                    cause);
        }
    }
}
