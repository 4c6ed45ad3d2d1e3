package dev.burgee.local;

import dev.burgee.ledger.DynamoLedger;
import dev.burgee.ledger.LedgerClients;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Promotion;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Counts the ledger's promotions from beside it, over no network that could be cut. Thread-safe. */
final class Promotions implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Time time = new SystemTime();
    private final DynamoLedger ledger;

    /** Touches no network. */
    Promotions(Region region, URI ledger) {
        var topology = new Topology(
                region, null, null, Map.of(), FunctionEnvironment.TABLE, Map.of(region, Optional.of(ledger)));
        this.ledger = new DynamoLedger(
                topology,
                region,
                Limits.DEFAULTS,
                time,
                LedgerClients.overUrlConnection(Limits.DEFAULTS),
                (level, event, fields) -> {});
    }

    /** How many there are; empty when the ledger does not say in time. */
    OptionalLong epoch() {
        try {
            return OptionalLong.of(ledger.lastPromotion(Deadline.after(LIMIT, time))
                    .map(Promotion::epoch)
                    .orElse(0L));
        } catch (LedgerUnavailableException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        ledger.close();
    }
}
