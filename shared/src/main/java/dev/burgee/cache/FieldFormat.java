package dev.burgee.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.burgee.flag.FlagState;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/**
 * How a flag looks in its field: a header of ASCII words that starts with the format's number, then the document. Readable
 * in redis-cli:
 *
 * <pre>
 * 1 d VERSION\n JSON                    a document
 * 1 z VERSION LENGTH\n LZ4 block        a document of so many bytes, compressed
 * 1 t VERSION                           deleted by that entry
 * 1 m ENTRY                             invalidated by that entry
 * </pre>
 */
final class FieldFormat {
    private static final String FORMAT = "1";
    private static final int HEADER_BYTES_MAX = 64;

    /** Pure Java without Unsafe: nothing to unpack or to warn about at a cold start, and documents are small. */
    private static final LZ4Factory LZ4 = LZ4Factory.safeInstance();

    private FieldFormat() {}

    /**
     * Writes a document or a tombstone.
     *
     * @throws IllegalArgumentException for {@link FlagState.Absent}, which has no field
     */
    static byte[] encode(FlagState state) {
        return switch (state) {
            case FlagState.Live live ->
                document(live.version(), DataKind.FLAG.fitting(live.json().getBytes(UTF_8)));
            case FlagState.Deleted deleted -> ascii(FORMAT + " t " + deleted.version());
            case FlagState.Absent _ -> throw new IllegalArgumentException("a flag that never existed has no field");
        };
    }

    static byte[] marker(long entry) {
        return DataKind.MARKER.fitting(ascii(FORMAT + " m " + entry));
    }

    /**
     * Reads a field.
     *
     * @throws UnreadableFieldException when the format is another one, or the field is damaged
     */
    static CachedFlag decode(byte[] field) {
        int end = headerEnd(field);
        String header = new String(field, 0, end, ISO_8859_1);
        String[] words = header.split(" ", -1);
        if (!words[0].equals(FORMAT)) {
            throw new UnreadableFieldException("field has format \"" + printable(words[0])
                    + "\", but this version reads only " + FORMAT + ": update the function");
        }
        if (words.length < 3) {
            throw new UnreadableFieldException("field has the damaged header \"" + printable(header) + "\"");
        }
        long number = number(words[2], header);
        int payload = Math.min(field.length, end + 1);
        return switch (words[1]) {
            case "d" -> live(number, field, payload);
            case "z" -> {
                if (words.length < 4) {
                    throw new UnreadableFieldException("field has the damaged header \"" + printable(header) + "\"");
                }
                byte[] raw = decompress(field, payload, number(words[3], header));
                yield live(number, raw, 0);
            }
            case "t" -> new CachedFlag.Present(new FlagState.Deleted(number));
            case "m" -> new CachedFlag.Marker(number);
            default -> throw new UnreadableFieldException("field has the unknown kind \"" + printable(words[1]) + "\"");
        };
    }

    private static CachedFlag live(long version, byte[] bytes, int from) {
        return new CachedFlag.Present(new FlagState.Live(version, new String(bytes, from, bytes.length - from, UTF_8)));
    }

    private static byte[] document(long version, byte[] raw) {
        if (DataKind.FLAG.compresses(raw.length)) {
            byte[] packed = LZ4.fastCompressor().compress(raw);
            byte[] header = ascii(FORMAT + " z " + version + " " + raw.length + "\n");
            if (header.length + packed.length < raw.length) {
                return join(header, packed);
            }
        }
        return join(ascii(FORMAT + " d " + version + "\n"), raw);
    }

    private static byte[] decompress(byte[] field, int from, long rawLength) {
        // a damaged header must not ask for all memory
        if (rawLength > DataKind.FLAG.bytesMax()) {
            throw new UnreadableFieldException(
                    "field promises " + rawLength + " bytes, but may hold at most " + DataKind.FLAG.bytesMax());
        }
        byte[] raw = new byte[(int) rawLength];
        try {
            int length = LZ4.safeDecompressor().decompress(field, from, field.length - from, raw, 0);
            if (length != raw.length) {
                throw new UnreadableFieldException("field promises " + rawLength + " bytes, but holds " + length);
            }
        } catch (LZ4Exception _) {
            // its text speaks of offsets only; the fault is that the field is damaged
            throw new UnreadableFieldException("field has a damaged document of " + rawLength + " bytes");
        }
        return raw;
    }

    private static int headerEnd(byte[] field) {
        int limit = Math.min(field.length, HEADER_BYTES_MAX);
        for (int i = 0; i < limit; i++) {
            if (field[i] == '\n') {
                return i;
            }
        }
        return limit;
    }

    private static long number(String word, String header) {
        if (word.isEmpty() || word.length() > 18 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new UnreadableFieldException("field has the damaged header \"" + printable(header) + "\"");
        }
        return Long.parseLong(word);
    }

    /** Enough to recognise a header, never enough to show a document. */
    private static String printable(String text) {
        String shown = text.length() > 24 ? text.substring(0, 24) + "…" : text;
        return shown.replaceAll("[^ -~…]", "?");
    }

    private static byte[] join(byte[] header, byte[] payload) {
        byte[] field = Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, field, header.length, payload.length);
        return field;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
