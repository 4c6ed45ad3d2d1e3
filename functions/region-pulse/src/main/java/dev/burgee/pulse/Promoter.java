package dev.burgee.pulse;

import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.Promotion;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gets one promotion of this region into the ledger, on the condition that nobody promoted since the decision; after any
 * outcome but success it looks for its own entry before it tries again. Thread-safe.
 */
final class Promoter {
    /** Entries per query while looking for our own. */
    private static final int PAGE = 200;

    /** A wait of up to this before the next try: somebody else writes, or an append is under way still. */
    private static final Duration SETTLE_MAX = Duration.ofMillis(100);

    private final Ledger ledger;
    private final Region here;
    private final Time time;
    private final RandomGenerator random;

    Promoter(Ledger ledger, Region here, Time time, RandomGenerator random) {
        this.ledger = ledger;
        this.here = here;
        this.time = time;
        this.random = random;
    }

    /** How it ended. */
    sealed interface Result {
        /** The last promotion is ours. */
        record Appended(Promotion promotion) implements Result {}

        /** Somebody else promoted first; nothing of ours is in the ledger. */
        record Overtaken(Promotion by) implements Result {}
    }

    /**
     * Appends, once.
     *
     * @param seen the promotion that the decision was made on; null: there was none
     * @param operationId that no other promotion has
     * @throws LedgerUnavailableException when it is not clear in time whether the entry is in the ledger; the next pulse
     *     will read it
     */
    Result promote(@Nullable Promotion seen, String actor, String operationId, Deadline deadline) {
        @Nullable Position first = null;
        boolean mayHaveAppended = false;
        while (true) {
            try {
                // the end first: what is read after it has no promotion that the end does not have
                Position end = ledger.end(deadline);
                first = first == null ? end : first;
                Optional<Entry> own = mayHaveAppended ? find(operationId, first, deadline) : Optional.empty();
                if (own.isPresent()) {
                    return new Result.Appended(promotion(own.get(), seen));
                }
                @Nullable Promotion last = ledger.lastPromotion(deadline).orElse(null);
                if (epoch(last) != epoch(seen) && last != null) {
                    return new Result.Overtaken(last);
                }
                Instant now = time.now().truncatedTo(ChronoUnit.MILLIS);
                Entry entry = new Entry(
                        end.number() + 1, Entry.Kind.PROMOTION, List.of(), actor, now, here, operationId, here);
                mayHaveAppended = true;
                if (ledger.append(entry, deadline) == Ledger.Appended.DONE) {
                    return new Result.Appended(promotion(entry, seen));
                }
            } catch (LedgerUnavailableException e) {
                if (deadline.remaining().compareTo(SETTLE_MAX) <= 0) {
                    throw e;
                }
            }
            if (deadline.remaining().compareTo(SETTLE_MAX) <= 0) {
                throw new LedgerUnavailableException(
                        "the ledger did not say in time whether the promotion of " + here + " is in it", null);
            }
            time.sleep(Duration.ofNanos(random.nextLong(SETTLE_MAX.toNanos()) + 1));
        }
    }

    private Optional<Entry> find(String operationId, Position after, Deadline deadline) {
        Position at = after;
        while (true) {
            List<Entry> page = ledger.entriesAfter(at, PAGE, deadline);
            Optional<Entry> own = page.stream()
                    .filter(entry -> entry.operationId().equals(operationId))
                    .findFirst();
            if (own.isPresent() || page.size() < PAGE) {
                return own;
            }
            at = page.getLast().position();
        }
    }

    /** Nothing was promoted between what was seen and our entry, or it would not be there. */
    private Promotion promotion(Entry own, @Nullable Promotion seen) {
        return new Promotion(here, epoch(seen) + 1, own.at(), own.number());
    }

    private static long epoch(@Nullable Promotion promotion) {
        return promotion == null ? 0 : promotion.epoch();
    }
}
