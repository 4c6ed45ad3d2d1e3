package dev.burgee.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.flag.FlagState;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldFormatTest {
    private static CachedFlag decode(String field) {
        return FieldFormat.decode(field.getBytes(UTF_8));
    }

    private static byte[] encode(long version, String json) {
        return FieldFormat.encode(new FlagState.Live(version, json));
    }

    private static CachedFlag live(long version, String json) {
        return new CachedFlag.Present(new FlagState.Live(version, json));
    }

    @Test
    void writesASmallDocumentAsItIs() {
        assertThat(new String(encode(42, "{\"key\":\"a\"}"), UTF_8)).isEqualTo("1 d 42\n{\"key\":\"a\"}");
    }

    @Test
    void writesATombstoneAndAMarkerAsText() {
        assertThat(FieldFormat.encode(new FlagState.Deleted(7))).asString(UTF_8).isEqualTo("1 t 7");
        assertThat(FieldFormat.marker(8)).asString(UTF_8).isEqualTo("1 m 8");
    }

    @Test
    void readsWhatItWrites() {
        assertThat(decode("1 d 42\n{}")).isEqualTo(live(42, "{}"));
        assertThat(decode("1 t 7")).isEqualTo(new CachedFlag.Present(new FlagState.Deleted(7)));
        assertThat(decode("1 m 8")).isEqualTo(new CachedFlag.Marker(8));
    }

    @Test
    void keepsEveryCharacter() {
        String json = "{\"n\":\"Grüße\\n — 🚩\nline two\"}";

        assertThat(FieldFormat.decode(encode(1, json))).isEqualTo(live(1, json));
        assertThat(FieldFormat.decode(encode(1, json.repeat(100)))).isEqualTo(live(1, json.repeat(100)));
    }

    @Test
    void compressesOverOneKilobyteOnly() {
        assertThat(encode(1, "a".repeat(1_024))).asString(ISO_8859_1).startsWith("1 d 1\n");
        assertThat(encode(1, "a".repeat(1_025)))
                .hasSizeLessThan(100)
                .asString(ISO_8859_1)
                .startsWith("1 z 1 1025\n");
    }

    @Test
    void leavesADocumentThatDoesNotGetSmallerAsItIs() {
        String noise = noise(4_000);

        assertThat(encode(1, noise)).asString(UTF_8).isEqualTo("1 d 1\n" + noise);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 1_023, 1_024, 1_025, 2_000, 16_384, 65_535, 65_536})
    void returnsDocumentsOfEverySize(int size) {
        assertThat(FieldFormat.decode(encode(9, "abcdefgh".repeat(size / 8 + 1).substring(0, size))))
                .isEqualTo(live(9, "abcdefgh".repeat(size / 8 + 1).substring(0, size)));
        assertThat(FieldFormat.decode(encode(9, noise(size)))).isEqualTo(live(9, noise(size)));
    }

    @Test
    void saysThatAnotherFormatNeedsANewerVersion() {
        assertThatThrownBy(() -> decode("2 d 42\n{}"))
                .isInstanceOf(UnreadableFieldException.class)
                .hasMessage("field has format \"2\", but this version reads only 1: update the function");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1 d",
                "1 d \n{}",
                "1 d x\n{}",
                "1 d -1\n{}",
                "1 t 9999999999999999999",
                "1 q 5",
                "1 z 5\n",
                "1 z 5 x\n",
                "1 z 5 99999999\nabc",
                "1 z 5 2000\nnot lz4 at all",
                "1 z 5 2000\n"
            })
    void refusesADamagedField(String field) {
        assertThatThrownBy(() -> decode(field))
                .isInstanceOf(UnreadableFieldException.class)
                .hasMessageStartingWith("field ");
    }

    @Test
    void neverShowsADocumentInItsMessage() {
        assertThatThrownBy(() -> decode("{\"key\":\"a\",\"variants\":{\"on\":\"very secret\"}}"))
                .isInstanceOf(UnreadableFieldException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesACompressedDocumentThatHoldsMoreThanItPromises() {
        byte[] field = encode(1, "a".repeat(3_000));
        byte[] liar = new String(field, ISO_8859_1)
                .replace("1 z 1 3000", "1 z 1 2000")
                .getBytes(ISO_8859_1);

        assertThatThrownBy(() -> FieldFormat.decode(liar))
                .isInstanceOf(UnreadableFieldException.class)
                .hasMessage("field has a damaged document of 2000 bytes");
    }

    @Test
    void hasNoFieldForAFlagThatNeverExisted() {
        assertThatThrownBy(() -> FieldFormat.encode(FlagState.ABSENT)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Text that LZ4 cannot shorten: each character is as good as random. */
    static String noise(int size) {
        Random random = new Random(size);
        StringBuilder text = new StringBuilder(size);
        while (text.length() < size) {
            text.append((char) (' ' + random.nextInt(95)));
        }
        return text.toString();
    }
}
