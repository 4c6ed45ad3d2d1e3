package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Flags as state items, format {@value #FORMAT}: the version readable, the document packed, a tombstone without one. */
final class StateFormat {
    static final String VERSION = "version";

    private static final int FORMAT = 1;
    private static final String JSON = "json";
    private static final String DELETED = "deleted";

    private StateFormat() {}

    static Map<String, AttributeValue> encode(FlagKey key, FlagState state) {
        var item = new HashMap<>(LedgerTable.stateKey(key));
        item.put("format", Item.number(FORMAT));
        item.put(VERSION, Item.number(state.version()));
        if (state instanceof FlagState.Live live) {
            Item.pack(item, JSON, live.json());
        } else {
            item.put(DELETED, AttributeValue.fromBool(true));
        }
        return item;
    }

    static FlagState decode(Map<String, AttributeValue> attributes) {
        var item = new Item(attributes);
        item.checkFormat(FORMAT);
        long version = item.number(VERSION);
        return item.flag(DELETED) ? new FlagState.Deleted(version) : new FlagState.Live(version, item.unpack(JSON));
    }

    static FlagKey key(Map<String, AttributeValue> attributes) {
        var item = new Item(attributes);
        String key = item.text(LedgerTable.SK);
        if (!FlagKey.isValid(key)) {
            throw item.damaged("has a sort key that is no flag key");
        }
        return new FlagKey(key);
    }
}
