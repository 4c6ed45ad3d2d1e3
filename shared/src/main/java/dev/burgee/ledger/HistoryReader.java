package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Finds the entries that changed one flag: by its pointers, and after the checkpoint in the log itself. Thread-safe. */
final class HistoryReader {
    /** What one BatchGetItem takes. */
    private static final int BATCH = 100;

    private final LedgerRegions regions;
    private final StrongReads table;
    private final LedgerReader reader;

    HistoryReader(LedgerRegions regions, StrongReads table, LedgerReader reader) {
        this.regions = regions;
        this.table = table;
        this.reader = reader;
    }

    List<Entry> history(FlagKey key, long before, int limit, Deadline deadline) {
        Checkpoint checkpoint = reader.checkpoint(deadline);
        var query = StrongReads.before(LedgerTable.historyPartition(key), LedgerTable.number(before), limit);
        NavigableMap<Long, @Nullable Entry> found = new TreeMap<>();
        // one page is enough: pointers are tiny, and 1 MB holds thousands of them
        for (var pointer : table.page(query, deadline).items()) {
            found.put(new Item(pointer).sortNumber(), null);
        }
        for (Entry entry : reader.tail(checkpoint.position(), deadline)) {
            if (entry.number() < before
                    && Effects.changes(entry).stream().anyMatch(c -> c.key().equals(key))) {
                found.put(entry.number(), entry);
            }
        }
        List<Long> numbers =
                found.descendingMap().keySet().stream().limit(limit).toList();
        List<Long> missing =
                numbers.stream().filter(number -> found.get(number) == null).toList();
        for (int i = 0; i < missing.size(); i += BATCH) {
            List<Long> batch = missing.subList(i, Math.min(i + BATCH, missing.size()));
            fetch(batch, deadline).forEach(entry -> found.put(entry.number(), entry));
        }
        var entries = new ArrayList<Entry>(numbers.size());
        for (Long number : numbers) {
            Entry entry = found.get(number);
            if (entry == null) {
                throw new LedgerUnavailableException(
                        "the ledger did not show entry " + number + ", which it has", null);
            }
            entries.add(entry);
        }
        return entries;
    }

    private List<Entry> fetch(List<Long> numbers, Deadline deadline) {
        var entries = new ArrayList<Entry>(numbers.size());
        List<Map<String, AttributeValue>> keys =
                numbers.stream().map(LedgerTable::entryKey).toList();
        while (!keys.isEmpty()) {
            var wanted =
                    KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
            var answer = regions.ask(
                    deadline,
                    (client, limits) -> client.batchGetItem(request ->
                            request.overrideConfiguration(limits).requestItems(Map.of(regions.table(), wanted))));
            answer.responses()
                    .getOrDefault(regions.table(), List.of())
                    .forEach(item -> entries.add(EntryFormat.decode(item)));
            // what did not fit into one answer (16 MB) comes back here; the deadline ends this loop
            var unprocessed = answer.unprocessedKeys().get(regions.table());
            keys = unprocessed == null ? List.of() : unprocessed.keys();
        }
        return entries;
    }
}
