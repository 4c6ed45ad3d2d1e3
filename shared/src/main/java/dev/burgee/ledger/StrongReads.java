package dev.burgee.ledger;

import dev.burgee.time.Deadline;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** The two ways to read the table, both strongly consistent: an eventually consistent read would break every invariant. */
record StrongReads(LedgerRegions regions) {
    /** An item; empty when there is none. */
    Map<String, AttributeValue> item(Map<String, AttributeValue> key, Deadline deadline) {
        return regions.read(
                        deadline,
                        (client, limits) -> client.getItem(request -> request.overrideConfiguration(limits)
                                .tableName(regions.table())
                                .key(key)
                                .consistentRead(true)))
                .item();
    }

    /** One page of a query that may be long, of 1 MB at most. */
    QueryResponse page(QueryRequest.Builder query, Deadline deadline) {
        return regions.ask(deadline, call(query));
    }

    /** A query that brings a few items only. */
    QueryResponse few(QueryRequest.Builder query, Deadline deadline) {
        return regions.read(deadline, call(query));
    }

    private LedgerRegions.Call<QueryResponse> call(QueryRequest.Builder query) {
        QueryRequest asked =
                query.tableName(regions.table()).consistentRead(true).build();
        return (client, limits) ->
                client.query(asked.toBuilder().overrideConfiguration(limits).build());
    }

    /** A query for the items of a partition after a sort key, from the start or from where the last page ended. */
    static QueryRequest.Builder after(String partition, String sortKey, Map<String, AttributeValue> lastEvaluated) {
        return QueryRequest.builder()
                .keyConditionExpression("pk = :pk AND sk > :after")
                .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS(partition), ":after", AttributeValue.fromS(sortKey)))
                .exclusiveStartKey(lastEvaluated.isEmpty() ? null : lastEvaluated);
    }

    /** A query for the items of a partition before a sort key, last first. */
    static QueryRequest.Builder before(String partition, String sortKey, int limit) {
        return QueryRequest.builder()
                .keyConditionExpression("pk = :pk AND sk < :before")
                .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS(partition), ":before", AttributeValue.fromS(sortKey)))
                .scanIndexForward(false)
                .limit(limit);
    }
}
