package dev.burgee.ledger;

import dev.burgee.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** The claims of idempotency keys, each kept for a day after it was made. Thread-safe. */
record Claims(LedgerRegions regions) {
    /** How long an idempotency key is remembered, by the API's promise (docs/openapi.yaml). */
    private static final Duration AGE_MAX = Duration.ofDays(1);

    private static final String AT = "position";
    private static final String FINGERPRINT = "fingerprint";
    private static final String CLAIMED_AT = "claimedAtMillis";

    /**
     * Claims in one conditional put, which also replaces a claim that is too old. A put that was taken by a region that did
     * not get to say so finds itself in the next one: it is then a repeat of itself, which makes its caller look for an
     * entry that is not there, and do no harm.
     */
    Claim claim(String operationId, String fingerprint, Position at, Instant now, Deadline deadline) {
        var item = new HashMap<>(LedgerTable.claimKey(operationId));
        item.put(AT, Item.number(at.number()));
        item.put(FINGERPRINT, AttributeValue.fromS(fingerprint));
        item.put(CLAIMED_AT, Item.number(now.toEpochMilli()));
        item.put("claimedAt", AttributeValue.fromS(now.toString()));
        try {
            regions.ask(
                    deadline,
                    (client, limits) -> client.putItem(request -> request.overrideConfiguration(limits)
                            .tableName(regions.table())
                            .item(item)
                            .conditionExpression("attribute_not_exists(pk) OR " + CLAIMED_AT + " <= :old")
                            .expressionAttributeValues(Map.of(
                                    ":old", Item.number(now.minus(AGE_MAX).toEpochMilli())))
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            return new Claim.Fresh();
        } catch (ConditionalCheckFailedException e) {
            var earlier = new Item(e.item());
            return new Claim.Repeat(
                    new Position(earlier.number(AT)),
                    earlier.text(FINGERPRINT),
                    Instant.ofEpochMilli(earlier.number(CLAIMED_AT)));
        }
    }
}
