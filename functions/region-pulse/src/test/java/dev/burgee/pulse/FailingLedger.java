package dev.burgee.pulse;

import dev.burgee.flag.FlagKey;
import dev.burgee.ledger.Claim;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.FlagReading;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.Promotion;
import dev.burgee.ledger.RegionView;
import dev.burgee.ledger.StateSample;
import dev.burgee.time.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A ledger of which one call throws what no call should: a step that is the last that gets done, or a bug. Or something else
 * happens then.
 */
final class FailingLedger implements Ledger {
    private final Ledger ledger;
    private final String special;
    private final Runnable meanwhile;

    FailingLedger(Ledger ledger, String failing) {
        this(ledger, failing, () -> {
            throw new IllegalStateException("killed in " + failing);
        });
    }

    /** What happens in the world while that call is made. */
    FailingLedger(Ledger ledger, String special, Runnable meanwhile) {
        this.ledger = ledger;
        this.special = special;
        this.meanwhile = meanwhile;
    }

    private Ledger after(String call) {
        if (call.equals(special)) {
            meanwhile.run();
        }
        return ledger;
    }

    @Override
    public Appended append(Entry entry, Deadline deadline) {
        return after("append").append(entry, deadline);
    }

    @Override
    public List<Entry> entriesAfter(Position position, int limit, Deadline deadline) {
        return after("entriesAfter").entriesAfter(position, limit, deadline);
    }

    @Override
    public FlagReading read(FlagKey key, Deadline deadline) {
        return after("read").read(key, deadline);
    }

    @Override
    public LedgerState readAll(Deadline deadline) {
        return after("readAll").readAll(deadline);
    }

    @Override
    public List<Entry> history(FlagKey key, long before, int limit, Deadline deadline) {
        return after("history").history(key, before, limit, deadline);
    }

    @Override
    public Claim claim(String operationId, String fingerprint, Position at, Instant now, Deadline deadline) {
        return after("claim").claim(operationId, fingerprint, at, now, deadline);
    }

    @Override
    public int materialise(Deadline deadline) {
        return after("materialise").materialise(deadline);
    }

    @Override
    public Position end(Deadline deadline) {
        return after("end").end(deadline);
    }

    @Override
    public Optional<Promotion> lastPromotion(Deadline deadline) {
        return after("lastPromotion").lastPromotion(deadline);
    }

    @Override
    public StateSample sample(List<FlagKey> flags, int more, Deadline deadline) {
        return after("sample").sample(flags, more, deadline);
    }

    @Override
    public void leave(RegionView view, Deadline deadline) {
        after("leave").leave(view, deadline);
    }

    @Override
    public List<RegionView> views(Deadline deadline) {
        return after("views").views(deadline);
    }
}
