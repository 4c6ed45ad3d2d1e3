package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.region.Region;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The table's layout: which item has which key. Numbers in sort keys are padded to {@value #DIGITS} digits, so that their
 * order as text is their order.
 *
 * <table>
 *   <caption>Items</caption>
 *   <tr><th>pk</th><th>sk</th><th>item</th></tr>
 *   <tr><td>{@code log}</td><td>number</td><td>one entry of the log; see {@link EntryFormat}</td></tr>
 *   <tr><td>{@code state}</td><td>flag key</td><td>the flag as its newest materialised entry left it</td></tr>
 *   <tr><td>{@code history#<flag key>}</td><td>number</td><td>says that this entry changed the flag</td></tr>
 *   <tr><td>{@code meta}</td><td>{@code checkpoint}</td><td>all entries up to this number are materialised</td></tr>
 *   <tr><td>{@code op#<operation id>}</td><td>{@code claim}</td><td>the claim of an idempotency key</td></tr>
 *   <tr><td>{@code view}</td><td>region</td><td>what the region's pulse saw last; see {@link RegionView}</td></tr>
 * </table>
 */
public final class LedgerTable {
    static final String PK = "pk";
    static final String SK = "sk";
    static final String LOG = "log";
    static final String STATE = "state";
    static final String VIEW = "view";

    /** Before every flag key and every region in a sort key. */
    static final String FIRST = " ";

    private static final int DIGITS = 19;

    private LedgerTable() {}

    /** The request that creates the table in one region, paid per request: for development and tests. */
    public static CreateTableRequest createTableRequest(String name) {
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attribute(PK), attribute(SK))
                .keySchema(key(PK, KeyType.HASH), key(SK, KeyType.RANGE))
                .build();
    }

    static Map<String, AttributeValue> entryKey(long number) {
        return itemKey(LOG, number(number));
    }

    static Map<String, AttributeValue> stateKey(FlagKey key) {
        return itemKey(STATE, key.value());
    }

    static Map<String, AttributeValue> historyKey(FlagKey key, long number) {
        return itemKey(historyPartition(key), number(number));
    }

    static String historyPartition(FlagKey key) {
        return "history#" + key.value();
    }

    static Map<String, AttributeValue> checkpointKey() {
        return itemKey("meta", "checkpoint");
    }

    static Map<String, AttributeValue> claimKey(String operationId) {
        return itemKey("op#" + operationId, "claim");
    }

    static Map<String, AttributeValue> viewKey(Region region) {
        return itemKey(VIEW, region.code());
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", number);
    }

    private static Map<String, AttributeValue> itemKey(String pk, String sk) {
        return Map.of(PK, AttributeValue.fromS(pk), SK, AttributeValue.fromS(sk));
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
