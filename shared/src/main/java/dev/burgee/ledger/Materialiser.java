package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.time.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Turns entries into state items and history pointers, then moves the checkpoint over them. Every step may be repeated,
 * done twice at once, or be the last: an item never goes back (newest version wins), a pointer is only ever written, and
 * the checkpoint moves only from the value that was read, over what this call itself has written. Thread-safe.
 */
final class Materialiser {
    static final int BATCH = 100;

    private static final int CREW = 16;
    /** Entries are taken together until they change so many flags; then the checkpoint moves, so that work is kept. */
    private static final int CHANGES = 200;
    /** What one BatchWriteItem takes. */
    private static final int POINTERS = 25;

    private final LedgerRegions regions;
    private final LedgerReader reader;

    Materialiser(LedgerRegions regions, LedgerReader reader) {
        this.regions = regions;
        this.reader = reader;
    }

    int materialise(Deadline deadline) {
        Checkpoint checkpoint = reader.newestCheckpoint(deadline);
        LedgerReader.Stretch stretch = reader.after(checkpoint.position(), BATCH, deadline);
        boolean overtaken = false;
        for (List<Entry> step : steps(stretch.entries())) {
            write(step, deadline);
            Checkpoint moved = over(step, checkpoint);
            if (!move(checkpoint, moved, deadline)) {
                overtaken = true; // somebody else is at it, and at least as far
                checkpoint = reader.newestCheckpoint(deadline);
                break;
            }
            checkpoint = moved;
        }
        if (stretch.toTheEnd() && !overtaken) {
            return 0;
        }
        long left = reader.end(deadline).number() - checkpoint.position().number();
        return Math.clamp(left, 0, Integer.MAX_VALUE);
    }

    private static List<List<Entry>> steps(List<Entry> entries) {
        var steps = new ArrayList<List<Entry>>();
        var step = new ArrayList<Entry>();
        int changes = 0;
        for (Entry entry : entries) {
            step.add(entry);
            changes += Effects.changes(entry).size();
            if (changes >= CHANGES) {
                steps.add(List.copyOf(step));
                step.clear();
                changes = 0;
            }
        }
        if (!step.isEmpty()) {
            steps.add(List.copyOf(step));
        }
        return steps;
    }

    private void write(List<Entry> step, Deadline deadline) {
        Map<FlagKey, FlagState> states = new HashMap<>();
        List<WriteRequest> pointers = new ArrayList<>();
        for (Entry entry : step) {
            for (Change change : Effects.changes(entry)) {
                states.put(change.key(), change.after());
                var item = LedgerTable.historyKey(change.key(), entry.number());
                pointers.add(WriteRequest.builder()
                        .putRequest(PutRequest.builder().item(item).build())
                        .build());
            }
        }
        List<Runnable> tasks = new ArrayList<>();
        states.forEach((key, state) -> tasks.add(() -> putState(StateFormat.encode(key, state), deadline)));
        for (int i = 0; i < pointers.size(); i += POINTERS) {
            List<WriteRequest> batch = pointers.subList(i, Math.min(i + POINTERS, pointers.size()));
            tasks.add(() -> putPointers(batch, deadline));
        }
        Crew.run(tasks, CREW, deadline);
    }

    private void putState(Map<String, AttributeValue> item, Deadline deadline) {
        try {
            regions.ask(
                    deadline,
                    (client, limits) -> client.putItem(request -> request.overrideConfiguration(limits)
                            .tableName(regions.table())
                            .item(item)
                            .conditionExpression("attribute_not_exists(pk) OR " + StateFormat.VERSION + " < :version")
                            .expressionAttributeValues(
                                    Map.of(":version", Item.number(new Item(item).number(StateFormat.VERSION))))));
        } catch (ConditionalCheckFailedException e) {
            // as new or newer already: nothing to do
        }
    }

    private void putPointers(List<WriteRequest> pointers, Deadline deadline) {
        List<WriteRequest> left = pointers;
        while (!left.isEmpty()) {
            var batch = left;
            left = regions.ask(
                            deadline,
                            (client, limits) -> client.batchWriteItem(request ->
                                    request.overrideConfiguration(limits).requestItems(Map.of(regions.table(), batch))))
                    .unprocessedItems()
                    .getOrDefault(regions.table(), List.of());
        }
    }

    private static Checkpoint over(List<Entry> step, Checkpoint before) {
        @Nullable Promotion promotion = before.promotion();
        for (Entry entry : step) {
            promotion = Promotion.after(entry, promotion);
        }
        return new Checkpoint(step.getLast().position(), promotion);
    }

    private boolean move(Checkpoint from, Checkpoint to, Deadline deadline) {
        boolean first = from.position().equals(Position.START);
        try {
            regions.ask(
                    deadline,
                    (client, limits) -> client.putItem(request -> request.overrideConfiguration(limits)
                            .tableName(regions.table())
                            .item(to.encode())
                            .conditionExpression(first ? "attribute_not_exists(pk)" : "#position = :from")
                            .expressionAttributeNames(first ? null : Map.of("#position", Checkpoint.POSITION))
                            .expressionAttributeValues(
                                    first
                                            ? null
                                            : Map.of(
                                                    ":from",
                                                    Item.number(from.position().number())))));
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
        reader.note(to);
        return true;
    }
}
