package dev.burgee.ledger;

import dev.burgee.health.HealthFormat;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** The regions' views, one item each, format {@value #FORMAT}; the newest wins by condition. Thread-safe. */
record Views(LedgerRegions regions, StrongReads table) {
    private static final int FORMAT = 1;
    private static final String AT = "atMillis";
    private static final String POSITION = "position";
    private static final String HEALTH = "health";

    void leave(RegionView view, Deadline deadline) {
        Map<String, AttributeValue> item = encode(view);
        try {
            regions.ask(
                    deadline,
                    (client, limits) -> client.putItem(request -> request.overrideConfiguration(limits)
                            .tableName(regions.table())
                            .item(item)
                            .conditionExpression("attribute_not_exists(pk) OR " + AT + " < :at")
                            .expressionAttributeValues(
                                    Map.of(":at", Item.number(view.at().toEpochMilli())))));
        } catch (ConditionalCheckFailedException e) {
            // a newer one is there, or this one, put by a call whose answer was lost
        }
    }

    List<RegionView> all(Deadline deadline) {
        var views = new ArrayList<RegionView>();
        Map<String, AttributeValue> from = Map.of();
        do {
            QueryResponse page = table.page(StrongReads.after(LedgerTable.VIEW, LedgerTable.FIRST, from), deadline);
            page.items().forEach(item -> views.add(decode(item)));
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
        return List.copyOf(views);
    }

    private static Map<String, AttributeValue> encode(RegionView view) {
        var item = new HashMap<>(LedgerTable.viewKey(view.region()));
        item.put("format", Item.number(FORMAT));
        item.put(AT, Item.number(view.at().toEpochMilli()));
        item.put("at", AttributeValue.fromS(view.at().toString()));
        item.put("home", AttributeValue.fromS(view.home().code()));
        item.put("failures", Item.number(view.failures()));
        item.put("writable", AttributeValue.fromBool(view.writable()));
        if (view.position() != null) {
            item.put(POSITION, Item.number(view.position().number()));
        }
        if (view.health() != null) {
            item.put(HEALTH, AttributeValue.fromS(HealthFormat.write(view.health())));
        }
        return item;
    }

    private static RegionView decode(Map<String, AttributeValue> attributes) {
        var item = new Item(attributes);
        item.checkFormat(FORMAT);
        // an attribute of its own, with a version of its own: older readers pass it over, and older views lack it
        String health = item.textOrNull(HEALTH);
        try {
            return new RegionView(
                    new Region(item.text(LedgerTable.SK)),
                    Instant.ofEpochMilli(item.number(AT)),
                    new Region(item.text("home")),
                    Math.toIntExact(item.number("failures")),
                    item.flag("writable"),
                    attributes.containsKey(POSITION) ? new Position(item.number(POSITION)) : null,
                    health == null ? null : HealthFormat.read(health));
        } catch (IllegalArgumentException | ArithmeticException e) {
            var damaged = item.damaged("is not a region's view of format " + FORMAT);
            damaged.addSuppressed(e);
            throw damaged;
        }
    }
}
