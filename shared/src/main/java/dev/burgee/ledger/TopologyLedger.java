package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ledger that the topology names now; another table or other endpoints get new clients. Besides what {@link Ledger}
 * says, calls throw {@link dev.burgee.failure.UnavailableException} while no topology is known. Thread-safe.
 */
public final class TopologyLedger implements Ledger {
    private final Supplier<Topology> topology;
    private final Function<Topology, DynamoLedger> open;
    private volatile @Nullable Opened opened;

    private record Opened(String table, Map<Region, Optional<URI>> regions, DynamoLedger ledger) {
        boolean isOf(Topology topology) {
            return table.equals(topology.ledgerTable()) && regions.equals(topology.ledgerRegions());
        }
    }

    /** Connects to nothing yet. */
    public TopologyLedger(Supplier<Topology> topology, Function<Topology, DynamoLedger> open) {
        this.topology = topology;
        this.open = open;
    }

    @Override
    public Appended append(Entry entry, Deadline deadline) {
        return current().append(entry, deadline);
    }

    @Override
    public List<Entry> entriesAfter(Position position, int limit, Deadline deadline) {
        return current().entriesAfter(position, limit, deadline);
    }

    @Override
    public FlagReading read(FlagKey key, Deadline deadline) {
        return current().read(key, deadline);
    }

    @Override
    public LedgerState readAll(Deadline deadline) {
        return current().readAll(deadline);
    }

    @Override
    public List<Entry> history(FlagKey key, long before, int limit, Deadline deadline) {
        return current().history(key, before, limit, deadline);
    }

    @Override
    public Claim claim(String operationId, String fingerprint, Position at, Instant now, Deadline deadline) {
        return current().claim(operationId, fingerprint, at, now, deadline);
    }

    @Override
    public int materialise(Deadline deadline) {
        return current().materialise(deadline);
    }

    @Override
    public Position end(Deadline deadline) {
        return current().end(deadline);
    }

    @Override
    public Optional<Promotion> lastPromotion(Deadline deadline) {
        return current().lastPromotion(deadline);
    }

    @Override
    public StateSample sample(List<FlagKey> flags, int more, Deadline deadline) {
        return current().sample(flags, more, deadline);
    }

    @Override
    public void leave(RegionView view, Deadline deadline) {
        current().leave(view, deadline);
    }

    @Override
    public List<RegionView> views(Deadline deadline) {
        return current().views(deadline);
    }

    /** Drops all clients, for example those from before a snapshot; the next use makes new ones. */
    public synchronized void reset() {
        Opened current = opened;
        opened = null;
        if (current != null) {
            current.ledger().close();
        }
    }

    private DynamoLedger current() {
        Topology now = topology.get();
        Opened current = opened;
        return current != null && current.isOf(now) ? current.ledger() : reopen(now);
    }

    private synchronized DynamoLedger reopen(Topology now) {
        Opened current = opened;
        if (current != null && current.isOf(now)) {
            return current.ledger();
        }
        DynamoLedger next = open.apply(now);
        opened = new Opened(now.ledgerTable(), now.ledgerRegions(), next);
        if (current != null) {
            current.ledger().close();
        }
        return next;
    }
}
