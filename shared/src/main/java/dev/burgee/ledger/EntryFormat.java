package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Entries of the log as items, format {@value #FORMAT}. What an operator asks for (kind, actor, time, region, operation,
 * number of flags) is readable; the changes are packed JSON: {@code [{"key","version","json","created"}]}, where a
 * tombstone has no {@code json}, and a flag's document is a string, so that it comes back to the byte.
 */
final class EntryFormat {
    /** Below DynamoDB's 400 KB, with room for the attributes that a later format may add. */
    static final int ITEM_BYTES_MAX = 380_000;

    private static final int FORMAT = 1;
    private static final String CHANGES = "changes";

    private EntryFormat() {}

    /**
     * @throws EntryTooLargeException when the item would be larger than {@link #ITEM_BYTES_MAX}
     */
    static Map<String, AttributeValue> encode(Entry entry) {
        var item = new HashMap<>(LedgerTable.entryKey(entry.number()));
        item.put("format", Item.number(FORMAT));
        item.put("kind", AttributeValue.fromS(entry.kind().text()));
        item.put("actor", AttributeValue.fromS(entry.actor()));
        item.put(
                "at",
                AttributeValue.fromS(entry.at().truncatedTo(ChronoUnit.MILLIS).toString()));
        item.put("region", AttributeValue.fromS(entry.requestRegion().code()));
        item.put("operation", AttributeValue.fromS(entry.operationId()));
        item.put("flags", Item.number(entry.changes().size()));
        if (entry.home() != null) {
            item.put("home", AttributeValue.fromS(entry.home().code()));
        }
        Item.pack(
                item,
                CHANGES,
                Json.write(entry.changes().stream().map(EntryFormat::tree).toList()));
        int bytes = Item.bytes(item);
        if (bytes > ITEM_BYTES_MAX) {
            throw new EntryTooLargeException("the change of " + entry.changes().size() + " flags takes " + bytes
                    + " bytes, compressed, but one entry of the ledger holds at most " + ITEM_BYTES_MAX
                    + ": split it into several");
        }
        return item;
    }

    static Entry decode(Map<String, AttributeValue> attributes) {
        var item = new Item(attributes);
        item.checkFormat(FORMAT);
        String home = item.textOrNull("home");
        try {
            return new Entry(
                    item.sortNumber(),
                    kind(item),
                    changes(item),
                    item.text("actor"),
                    Instant.parse(item.text("at")),
                    new Region(item.text("region")),
                    item.text("operation"),
                    home == null ? null : new Region(home));
        } catch (java.time.DateTimeException | IllegalArgumentException | MalformedJsonException e) {
            var damaged = item.damaged(
                    "is not an entry of format " + FORMAT + ": " + e.getClass().getSimpleName());
            damaged.addSuppressed(e);
            throw damaged;
        }
    }

    private static Entry.Kind kind(Item item) {
        String text = item.text("kind");
        for (Entry.Kind kind : Entry.Kind.values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw item.damaged("is of the unknown kind \"" + text + "\"");
    }

    private static Map<String, Object> tree(Change change) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("key", change.key().value());
        tree.put("version", change.after().version());
        if (change.after() instanceof FlagState.Live live) {
            tree.put("json", live.json());
        }
        if (change.created()) {
            tree.put("created", true);
        }
        return tree;
    }

    private static List<Change> changes(Item item) {
        if (!(Json.parse(item.unpack(CHANGES)) instanceof List<?> trees)) {
            throw item.damaged("has changes that are no list");
        }
        var changes = new ArrayList<Change>(trees.size());
        for (Object tree : trees) {
            if (!(tree instanceof Map<?, ?> map
                    && map.get("key") instanceof String key
                    && map.get("version") instanceof Number version)) {
                throw item.damaged("has a change without key or version");
            }
            changes.add(new Change(
                    new FlagKey(key), state(version.longValue(), map.get("json")), map.get("created") != null));
        }
        return changes;
    }

    private static FlagState state(long version, @Nullable Object json) {
        if (json instanceof String text) {
            return new FlagState.Live(version, text);
        }
        return version == 0 ? FlagState.ABSENT : new FlagState.Deleted(version);
    }
}
