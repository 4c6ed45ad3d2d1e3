package dev.burgee.ledger;

import dev.burgee.failure.MisconfiguredException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One item of the table, read with checks: what is not as this version writes it is named with its place. Long text is
 * packed: bytes in one attribute, and, when they are LZ4, the length of the text's bytes in a second one.
 */
record Item(Map<String, AttributeValue> attributes) {
    private static final String LENGTH_SUFFIX = "Length";
    private static final int PACK_BYTES_MIN = 1_024;
    // no entry can be larger: 1,000 flags of 64 KiB, and their JSON escaped once more
    private static final int PACKED_LENGTH_MAX = 200_000_000;
    // the Java code: the native one is unpacked into a file at each cold start
    private static final LZ4Factory LZ4 = LZ4Factory.safeInstance();

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /** Puts text into an item under construction. */
    static void pack(Map<String, AttributeValue> attributes, String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PACK_BYTES_MIN) {
            attributes.put(name + LENGTH_SUFFIX, number(bytes.length));
            bytes = LZ4.fastCompressor().compress(bytes);
        }
        attributes.put(name, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes)));
    }

    String unpack(String name) {
        AttributeValue value = attributes.get(name);
        if (value == null || value.b() == null) {
            throw damaged("has no bytes \"" + name + "\"");
        }
        byte[] bytes = value.b().asByteArrayUnsafe();
        if (!attributes.containsKey(name + LENGTH_SUFFIX)) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        long length = number(name + LENGTH_SUFFIX);
        if (length < 0 || length > PACKED_LENGTH_MAX) {
            throw damaged("says that \"" + name + "\" has " + length + " bytes, but at most " + PACKED_LENGTH_MAX
                    + " are possible");
        }
        try {
            byte[] unpacked = new byte[(int) length];
            int got = LZ4.safeDecompressor().decompress(bytes, unpacked);
            return new String(unpacked, 0, got, StandardCharsets.UTF_8);
        } catch (LZ4Exception e) {
            throw damaged("has \"" + name + "\" in something that is not LZ4");
        }
    }

    String text(String name) {
        String text = textOrNull(name);
        if (text == null) {
            throw damaged("has no text \"" + name + "\"");
        }
        return text;
    }

    @Nullable
    String textOrNull(String name) {
        AttributeValue value = attributes.get(name);
        return value == null ? null : value.s();
    }

    long number(String name) {
        AttributeValue value = attributes.get(name);
        if (value == null || value.n() == null) {
            throw damaged("has no number \"" + name + "\"");
        }
        try {
            return Long.parseLong(value.n());
        } catch (NumberFormatException e) {
            throw damaged("has a \"" + name + "\" that is no whole number");
        }
    }

    boolean flag(String name) {
        AttributeValue value = attributes.get(name);
        return value != null && Boolean.TRUE.equals(value.bool());
    }

    /** The number in the sort key. */
    long sortNumber() {
        try {
            return Long.parseLong(text(LedgerTable.SK));
        } catch (NumberFormatException e) {
            throw damaged("has a sort key that is no number");
        }
    }

    /** Refuses what a later version wrote: to guess would be to serve wrong flags. */
    void checkFormat(int known) {
        long format = number("format");
        if (format != known) {
            throw damaged("is in format " + format + ", but this version of Burgee reads format " + known
                    + ": deploy a version as new as the writer's");
        }
    }

    MisconfiguredException damaged(String problem) {
        return new MisconfiguredException(
                "ledger item " + textOrNull(LedgerTable.PK) + "/" + textOrNull(LedgerTable.SK), List.of(problem));
    }

    /** The size by DynamoDB's rules: names and values, and what the nesting costs. */
    static int bytes(Map<String, AttributeValue> attributes) {
        int sum = 0;
        for (var attribute : attributes.entrySet()) {
            AttributeValue value = attribute.getValue();
            sum += utf8(attribute.getKey());
            if (value.s() != null) {
                sum += utf8(value.s());
            } else if (value.b() != null) {
                sum += value.b().asByteArrayUnsafe().length;
            } else {
                sum += 21; // at most, for a number; one byte for a boolean
            }
        }
        return sum;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
