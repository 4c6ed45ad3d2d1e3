package dev.burgee.ledger;

import dev.burgee.region.Region;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Says that all entries up to a position are materialised. Stays true for ever, however old it is.
 *
 * @param promotion the last one up to this position; null: there was none
 */
record Checkpoint(Position position, @Nullable Promotion promotion) {
    static final Checkpoint START = new Checkpoint(Position.START, null);
    static final String POSITION = "position";

    private static final String HOME = "home";
    private static final String EPOCH = "epoch";
    private static final String SINCE = "sinceMillis";
    private static final String ENTRY = "promotionEntry";

    Map<String, AttributeValue> encode() {
        var item = new HashMap<>(LedgerTable.checkpointKey());
        item.put(POSITION, Item.number(position.number()));
        if (promotion != null) {
            item.put(HOME, AttributeValue.fromS(promotion.home().code()));
            item.put(EPOCH, Item.number(promotion.epoch()));
            item.put(SINCE, Item.number(promotion.since().toEpochMilli()));
            item.put(ENTRY, Item.number(promotion.entry()));
        }
        return item;
    }

    static Checkpoint decode(Map<String, AttributeValue> attributes) {
        var item = new Item(attributes);
        String home = item.textOrNull(HOME);
        return new Checkpoint(
                new Position(item.number(POSITION)),
                home == null
                        ? null
                        : new Promotion(
                                new Region(home),
                                item.number(EPOCH),
                                Instant.ofEpochMilli(item.number(SINCE)),
                                item.number(ENTRY)));
    }
}
