package dev.burgee.pulse;

import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.Promotion;
import dev.burgee.region.Region;
import dev.burgee.tier.Beside;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
        @Nullable Sighting sighting = null;
        while (true) {
            try {
                sighting = sighting == null ? end(seen, deadline) : sighting;
                if (sighting.result() != null) {
                    return sighting.result();
                }
                Position lookedUpTo = sighting.end();
                Instant now = time.now().truncatedTo(ChronoUnit.MILLIS);
                Entry entry = new Entry(
                        lookedUpTo.number() + 1, Entry.Kind.PROMOTION, List.of(), actor, now, here, operationId, here);
                // the next look is taken beside the append: a busy log is lost to nearer writers one crossing at a time
                Beside<Sighting> look = Beside.start("look", () -> after(lookedUpTo, seen, operationId, deadline));
                if (ledger.append(entry, deadline) == Ledger.Appended.DONE) {
                    return new Result.Appended(promotion(entry, seen));
                }
                sighting = look.outcome(deadline, e -> unclear(e));
            } catch (LedgerUnavailableException e) {
                if (deadline.remaining().compareTo(SETTLE_MAX) <= 0) {
                    throw e;
                }
                time.sleep(Duration.ofNanos(random.nextLong(SETTLE_MAX.toNanos()) + 1));
            }
            if (deadline.remaining().compareTo(SETTLE_MAX) <= 0) {
                throw unclear(null);
            }
        }
    }

    private LedgerUnavailableException unclear(@Nullable Exception cause) {
        return new LedgerUnavailableException(
                "the ledger did not say in time whether the promotion of " + here + " is in it", cause);
    }

    /**
     * What a look at the ledger found.
     *
     * @param result how it ended; null: it goes on
     * @param end all entries up to it were looked at
     */
    private record Sighting(@Nullable Result result, Position end) {}

    private Sighting end(@Nullable Promotion seen, Deadline deadline) {
        // the end first: what is read after it lacks no promotion up to that end
        Position end = ledger.end(deadline);
        @Nullable Promotion last = ledger.lastPromotion(deadline).orElse(null);
        return new Sighting(last == null || epoch(last) == epoch(seen) ? null : new Result.Overtaken(last), end);
    }

    private Sighting after(Position position, @Nullable Promotion seen, String operationId, Deadline deadline) {
        Position end = position;
        List<Entry> page;
        do {
            page = ledger.entriesAfter(end, PAGE, deadline);
            for (Entry entry : page) {
                end = entry.position();
                if (entry.operationId().equals(operationId)) {
                    return new Sighting(new Result.Appended(promotion(entry, seen)), end);
                }
                if (entry.kind() == Entry.Kind.PROMOTION && entry.home() != null) {
                    Promotion other = new Promotion(entry.home(), epoch(seen) + 1, entry.at(), entry.number());
                    return new Sighting(new Result.Overtaken(other), end);
                }
            }
        } while (page.size() == PAGE);
        return new Sighting(null, end);
    }

    /** Nothing was promoted between what was seen and our entry, or it would not be there. */
    private Promotion promotion(Entry own, @Nullable Promotion seen) {
        return new Promotion(here, epoch(seen) + 1, own.at(), own.number());
    }

    private static long epoch(@Nullable Promotion promotion) {
        return promotion == null ? 0 : promotion.epoch();
    }
}
