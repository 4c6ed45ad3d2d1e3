package dev.burgee.ledger;

import dev.burgee.log.Log;
import dev.burgee.region.Region;
import dev.burgee.servers.DynamoNode;
import dev.burgee.settings.Limits;
import dev.burgee.time.SystemTime;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One DynamoDB Local for a test class, and ledgers over tables of their own. */
final class LedgerWorld implements AutoCloseable {
    static final Region EAST_1 = new Region("us-east-1");
    static final Region EAST_2 = new Region("us-east-2");

    private static final Log NO_LOG = (level, event, fields) -> {};

    private final DynamoNode node = DynamoNode.start();
    private final AtomicInteger tables = new AtomicInteger();
    private final List<DynamoLedger> ledgers = new ArrayList<>();

    DynamoNode node() {
        return node;
    }

    String newTable() {
        String name = "ledger-" + tables.incrementAndGet();
        node.createTable(name);
        return name;
    }

    /** A ledger in us-east-1 that reaches the server directly. */
    DynamoLedger ledger(String table) {
        return ledger(table, EAST_1, new SystemTime(), node.endpoint());
    }

    /** A ledger with us-east-1 and us-east-2 at the given endpoints, in this order, used from {@code here}. */
    DynamoLedger ledger(String table, Region here, Time time, URI... endpoints) {
        return ledger(table, here, time, NO_LOG, endpoints);
    }

    DynamoLedger ledger(String table, Region here, Time time, Log log, URI... endpoints) {
        Map<Region, Optional<URI>> regions = new LinkedHashMap<>();
        List<Region> names = List.of(EAST_1, EAST_2);
        for (int i = 0; i < endpoints.length; i++) {
            regions.put(names.get(i), Optional.of(endpoints[i]));
        }
        var topology = new Topology(EAST_1, null, null, Map.of(), table, regions);
        var ledger = new DynamoLedger(
                topology, here, Limits.DEFAULTS, time, LedgerClients.overUrlConnection(Limits.DEFAULTS), log);
        ledgers.add(ledger);
        return ledger;
    }

    @Override
    public void close() {
        ledgers.forEach(DynamoLedger::close);
        node.close();
    }
}
