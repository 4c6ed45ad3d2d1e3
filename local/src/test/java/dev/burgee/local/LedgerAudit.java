package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.cache.CacheSnapshot;
import dev.burgee.cache.CachedFlag;
import dev.burgee.cache.RedisCaches;
import dev.burgee.flag.Flag;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.json.Json;
import dev.burgee.ledger.DynamoLedger;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerClients;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.log.RecordingLog;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import dev.burgee.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whether what is stored after a test is what must always hold: a log without gaps, valid flags, a cache of a prefix. */
final class LedgerAudit {
    private static final int PAGE = 100;

    private final ApiWorld world;
    private final SystemTime time = new SystemTime();

    LedgerAudit(ApiWorld world) {
        this.world = world;
    }

    /** Checks all of it; returns the number of entries. */
    long check() {
        Topology topology = world.topology();
        try (var ledger = new DynamoLedger(
                        topology,
                        ApiWorld.REGION,
                        Limits.DEFAULTS,
                        time,
                        LedgerClients.overUrlConnection(Limits.DEFAULTS),
                        new RecordingLog());
                var caches = new RedisCaches(topology, ApiWorld.REGION, Limits.DEFAULTS, "audit")) {
            List<Entry> log = log(ledger);
            assertThat(log.stream().map(Entry::number)).isEqualTo(numbers());
            LedgerState state = ledger.readAll(soon());
            assertThat(state.position().number()).isEqualTo(log.size());
            assertThat(state.flags()).isEqualTo(replayed(log));
            state.flags().forEach(LedgerAudit::checkFlag);
            CacheSnapshot cached = caches.of(ApiWorld.REGION).readAll();
            Position position = cached.head().position();
            assertThat(position).isNotNull();
            Map<FlagKey, FlagState> prefix = replayed(log.subList(0, (int) (position == null ? 0 : position.number())));
            cached.flags().forEach((key, flag) -> {
                if (flag instanceof CachedFlag.Present(FlagState shown)) {
                    assertThat(shown).as("%s in the cache", key).isEqualTo(prefix.get(key));
                }
            });
            return log.size();
        }
    }

    private List<Entry> log(DynamoLedger ledger) {
        List<Entry> log = new ArrayList<>();
        List<Entry> page;
        do {
            page = ledger.entriesAfter(new Position(log.size()), PAGE, soon());
            log.addAll(page);
        } while (page.size() == PAGE);
        return log;
    }

    /** The numbers of all entries as the table has them, whatever the ledger's reader makes of a gap. */
    private List<Long> numbers() {
        try (DynamoDbClient client = world.dynamo().client()) {
            return client
                    .queryPaginator(request -> request.tableName(FunctionEnvironment.TABLE)
                            .keyConditionExpression("pk = :log")
                            .projectionExpression("sk")
                            .expressionAttributeValues(Map.of(":log", AttributeValue.fromS("log"))))
                    .items()
                    .stream()
                    .map(item ->
                            Long.valueOf(Objects.requireNonNull(item.get("sk")).s()))
                    .toList();
        }
    }

    private static Map<FlagKey, FlagState> replayed(List<Entry> log) {
        Map<FlagKey, FlagState> flags = new TreeMap<>();
        log.stream()
                .filter(entry -> entry.kind() != Entry.Kind.INVALIDATE)
                .flatMap(entry -> entry.changes().stream())
                .forEach(change -> flags.put(change.key(), change.after()));
        return flags;
    }

    /** A stored document keeps the rules, and is written in the one form that there is. */
    private static void checkFlag(FlagKey key, FlagState state) {
        if (state instanceof FlagState.Live live) {
            Map<?, ?> tree = ApiAnswer.object(Json.parse(live.json()));
            assertThat(tree.get("key")).isEqualTo(key.value());
            assertThat(Json.write(tree.get("version"))).isEqualTo(Long.toString(live.version()));
            Flag flag = new Flag(
                    key,
                    Flag.definitionOf(key, live.json()),
                    live.version(),
                    Instant.parse(String.valueOf(tree.get("updatedAt"))),
                    String.valueOf(tree.get("updatedBy")));
            assertThat(flag.json()).isEqualTo(live.json());
        }
    }

    private Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10), time);
    }
}
