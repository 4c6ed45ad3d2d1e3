package dev.burgee.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class EntryFormatTest {
    private static final FlagKey KEY = new FlagKey("new-checkout");

    @Test
    void everyKindComesBackAsItWas() {
        comesBack(Entries.put(1, "a"));
        comesBack(Entries.delete(2, "a"));
        comesBack(Entries.invalidate(3, "a", 1));
        comesBack(Entries.importOf(4, "many", 1_000));
        comesBack(Entries.promotion(5, "ap-southeast-1"));
        comesBack(Entries.entry(
                6, Entry.Kind.INVALIDATE, List.of(new Change(KEY, FlagState.ABSENT, false)), "invalidate-6"));
        comesBack(Entries.entry(
                7, Entry.Kind.INVALIDATE, List.of(new Change(KEY, new FlagState.Deleted(2), false)), "invalidate-7"));
        comesBack(Entries.put(Long.MAX_VALUE, "a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1.0,\"b\":1e400,\"c\":12345678901234567890123}",
                "{\"quote\":\"\\\"\",\"back\":\"\\\\\",\"slash\":\"\\/\",\"escape\":\"\\u00e9\\ud83d\\ude00\"}",
                "{\"raw\":\"é😀\u2028\"}",
                "{}"
            })
    void aDocumentComesBackToTheByte(String json) {
        Entry entry =
                Entries.entry(9, Entry.Kind.PUT, List.of(new Change(KEY, new FlagState.Live(9, json), true)), "op");

        assertThat(EntryFormat.decode(EntryFormat.encode(entry))
                        .changes()
                        .getFirst()
                        .after())
                .isEqualTo(new FlagState.Live(9, json));
    }

    @Test
    void showsAnOperatorWhoDidWhatAndWhen() {
        Map<String, AttributeValue> item = EntryFormat.encode(Entries.put(42, "a", "op-1"));

        assertThat(item)
                .containsEntry("pk", AttributeValue.fromS("log"))
                .containsEntry("sk", AttributeValue.fromS("0000000000000000042"))
                .containsEntry("kind", AttributeValue.fromS("put"))
                .containsEntry("actor", AttributeValue.fromS("ci"))
                .containsEntry("at", AttributeValue.fromS("2026-11-21T05:00:00.123Z"))
                .containsEntry("region", AttributeValue.fromS("eu-west-1"))
                .containsEntry("operation", AttributeValue.fromS("op-1"))
                .containsEntry("flags", AttributeValue.fromN("1"))
                .containsEntry("format", AttributeValue.fromN("1"));
    }

    @Test
    void compressesWhatIsLongAndLeavesWhatIsShort() {
        assertThat(EntryFormat.encode(Entries.put(1, "a"))).doesNotContainKey("changesLength");

        Map<String, AttributeValue> item = EntryFormat.encode(Entries.importOf(1, "many", 1_000));

        assertThat(item).containsKey("changesLength");
        assertThat(Item.bytes(item)).isLessThan(60_000);
    }

    @Test
    void refusesAnEntryThatOneItemCannotHold() {
        Entry entry = incompressible(8, 64_000);

        assertThatThrownBy(() -> EntryFormat.encode(entry))
                .isInstanceOf(EntryTooLargeException.class)
                .hasMessageMatching(
                        "the change of 8 flags takes \\d+ bytes, compressed, but one entry of the ledger holds"
                                + " at most 380000: split it into several");
    }

    @Test
    void acceptsAnEntryThatJustFits() {
        Map<String, AttributeValue> item = EntryFormat.encode(incompressible(4, 64_000));

        assertThat(Item.bytes(item)).isBetween(300_000, EntryFormat.ITEM_BYTES_MAX);
    }

    @Test
    void refusesAFormatThatItDoesNotKnow() {
        var item = new HashMap<>(EntryFormat.encode(Entries.put(42, "a")));
        item.put("format", AttributeValue.fromN("2"));

        assertThatThrownBy(() -> EntryFormat.decode(item))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessage(
                        "ledger item log/0000000000000000042: is in format 2, but this version of Burgee reads format"
                                + " 1: deploy a version as new as the writer's");
    }

    @Test
    void namesWhatIsDamagedAndNotWhatItSays() {
        damaged("kind", AttributeValue.fromS("wish"), "is of the unknown kind \"wish\"");
        damaged("at", AttributeValue.fromS("now"), "is not an entry of format 1: DateTimeParseException");
        damaged("actor", AttributeValue.fromN("1"), "has no text \"actor\"");
        damaged("changes", AttributeValue.fromS("x"), "has no bytes \"changes\"");
        damaged("changes", bytes("secret"), "is not an entry of format 1: MalformedJsonException");
        damaged("changes", bytes("{}"), "has changes that are no list");
        damaged("changes", bytes("[{}]"), "has a change without key or version");
        damaged("changesLength", AttributeValue.fromN("100"), "has \"changes\" in something that is not LZ4");
        damaged(
                "changesLength",
                AttributeValue.fromN("999999999"),
                "says that \"changes\" has 999999999 bytes, but at most 200000000 are possible");
    }

    private static void comesBack(Entry entry) {
        assertThat(EntryFormat.decode(EntryFormat.encode(entry))).isEqualTo(entry);
    }

    private static void damaged(String attribute, AttributeValue value, String problem) {
        var item = new HashMap<>(EntryFormat.encode(Entries.put(42, "a")));
        item.put(attribute, value);
        assertThatThrownBy(() -> EntryFormat.decode(item))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessage("ledger item log/0000000000000000042: " + problem);
    }

    private static AttributeValue bytes(String text) {
        return AttributeValue.fromB(SdkBytes.fromUtf8String(text));
    }

    private static Entry incompressible(int flags, int bytes) {
        var random = new Random(42);
        var changes = new ArrayList<Change>();
        for (int i = 0; i < flags; i++) {
            byte[] noise = new byte[bytes];
            random.nextBytes(noise);
            String json = "{\"noise\":\"" + Base64.getEncoder().encodeToString(noise) + "\"}";
            changes.add(new Change(new FlagKey("flag-" + i), new FlagState.Live(1, json), true));
        }
        return Entries.entry(1, Entry.Kind.IMPORT, changes, "op");
    }
}
