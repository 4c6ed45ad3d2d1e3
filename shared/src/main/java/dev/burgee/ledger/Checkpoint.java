package dev.burgee.ledger;

import dev.burgee.region.Region;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Says that all entries up to a position are materialised. Stays true for ever, however old it is.
 *
 * @param home the region that the last promotion up to this position named; null: there was none
 */
record Checkpoint(Position position, @Nullable Region home) {
    static final Checkpoint START = new Checkpoint(Position.START, null);
    static final String POSITION = "position";

    private static final String HOME = "home";

    Map<String, AttributeValue> encode() {
        var item = new HashMap<>(LedgerTable.checkpointKey());
        item.put(POSITION, Item.number(position.number()));
        if (home != null) {
            item.put(HOME, AttributeValue.fromS(home.code()));
        }
        return item;
    }

    static Checkpoint decode(Map<String, AttributeValue> attributes) {
        var item = new Item(attributes);
        String home = item.textOrNull(HOME);
        return new Checkpoint(new Position(item.number(POSITION)), home == null ? null : new Region(home));
    }
}
