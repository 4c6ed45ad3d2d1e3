package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.log.Log;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;

/**
 * The ledger in a DynamoDB table: one region's, or a global table with multi-Region strong consistency; its layout is in
 * {@link LedgerTable}. Besides {@link LedgerUnavailableException}, any call may throw {@link
 * dev.burgee.failure.MisconfiguredException}: no such table, no access, a table with eventually consistent replicas, or
 * items of a later version. Opens no connection before the first call. Thread-safe.
 */
public final class DynamoLedger implements Ledger, AutoCloseable {
    private final LedgerRegions regions;
    private final ConsistencyCheck check;
    private final LedgerReader reader;
    private final HistoryReader history;
    private final Claims claims;
    private final Materialiser materialiser;
    private final Views views;

    /**
     * Touches no network.
     *
     * @param here the region that this runs in; asked first when it is one of the ledger's
     */
    public DynamoLedger(Topology topology, Region here, Limits limits, Time time, LedgerClients clients, Log log) {
        regions = new LedgerRegions(topology, here, limits, time, clients, log);
        check = new ConsistencyCheck(regions, time);
        var table = new StrongReads(regions);
        reader = new LedgerReader(table);
        history = new HistoryReader(regions, table, reader);
        claims = new Claims(regions);
        materialiser = new Materialiser(regions, reader);
        views = new Views(regions, table);
    }

    @Override
    public Appended append(Entry entry, Deadline deadline) {
        Map<String, AttributeValue> item = EntryFormat.encode(entry);
        check.require(deadline);
        try {
            regions.askOnce(
                    deadline,
                    (client, limits) -> client.putItem(request -> request.overrideConfiguration(limits)
                            .tableName(regions.table())
                            .item(item)
                            .conditionExpression("attribute_not_exists(pk)")));
            return Appended.DONE;
        } catch (ConditionalCheckFailedException
                | ReplicatedWriteConflictException
                | LedgerRegions.MaybeDoneException e) {
            return Appended.UNCLEAR;
        }
    }

    @Override
    public List<Entry> entriesAfter(Position position, int limit, Deadline deadline) {
        return check.beside(
                deadline, () -> reader.after(position, limit, deadline).entries());
    }

    @Override
    public FlagReading read(FlagKey key, Deadline deadline) {
        return check.beside(deadline, () -> reader.read(key, deadline));
    }

    @Override
    public LedgerState readAll(Deadline deadline) {
        return check.beside(deadline, () -> reader.readAll(deadline));
    }

    @Override
    public List<Entry> history(FlagKey key, long before, int limit, Deadline deadline) {
        return check.beside(deadline, () -> history.history(key, before, limit, deadline));
    }

    @Override
    public Claim claim(String operationId, String fingerprint, Position at, Instant now, Deadline deadline) {
        check.require(deadline);
        return claims.claim(operationId, fingerprint, at, now, deadline);
    }

    @Override
    public int materialise(Deadline deadline) {
        check.require(deadline);
        return materialiser.materialise(deadline);
    }

    @Override
    public Position end(Deadline deadline) {
        return check.beside(deadline, () -> reader.end(deadline));
    }

    @Override
    public Optional<Promotion> lastPromotion(Deadline deadline) {
        return check.beside(deadline, () -> Optional.ofNullable(reader.lastPromotion(deadline)));
    }

    @Override
    public StateSample sample(List<FlagKey> flags, int more, Deadline deadline) {
        return check.beside(deadline, () -> reader.sample(flags, more, deadline));
    }

    @Override
    public void leave(RegionView view, Deadline deadline) {
        check.require(deadline);
        views.leave(view, deadline);
    }

    @Override
    public List<RegionView> views(Deadline deadline) {
        return check.beside(deadline, () -> views.all(deadline));
    }

    /** Closes all clients. Calls made later open them anew. */
    @Override
    public void close() {
        regions.close();
    }
}
