package dev.burgee.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.burgee.flag.FlagKey;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The names in the server: keys and fields, and what the fields about the whole cache say. */
final class CacheFields {
    static final byte[] HASH = DataKind.FLAG.keyBytes();
    static final byte[] RECENT = DataKind.RECENT.keyBytes();
    static final byte[] POSITION = DataKind.POSITION.fieldBytes();
    static final byte[] CHECKED = DataKind.CHECKED.fieldBytes();
    static final byte[] HOME = DataKind.HOME.fieldBytes();
    /** Never there. */
    static final byte[] PROBE = ascii("burgee:probe");
    /** Who loads this cache at present, if somebody does. */
    static final byte[] LOADER = DataKind.LOADER.keyBytes();

    private static final String FLAG = DataKind.FLAG.fieldPrefix();

    private CacheFields() {}

    static String loading(String name) {
        return DataKind.LOAD.keyOf(name);
    }

    static byte[] heartbeat(Region from) {
        return ascii(DataKind.HEARTBEAT.keyOf(from));
    }

    static byte[] view(Region from) {
        return ascii(DataKind.VIEW.keyOf(from));
    }

    static byte[] flag(FlagKey key) {
        return ascii(FLAG + key);
    }

    static boolean isFlag(String field) {
        return field.startsWith(FLAG);
    }

    static FlagKey flagKey(String field) {
        return key(field.substring(FLAG.length()));
    }

    static FlagKey key(String text) {
        if (!FlagKey.isValid(text)) {
            throw new UnreadableFieldException("cache names a flag that cannot be: " + FlagKey.problem(text));
        }
        return new FlagKey(text);
    }

    /** The three fields about the whole cache, then one per flag. */
    static List<byte[]> headAnd(List<FlagKey> keys) {
        List<byte[]> fields = new ArrayList<>(List.of(POSITION, CHECKED, HOME));
        keys.forEach(key -> fields.add(flag(key)));
        return fields;
    }

    /** A cache without a position is empty, whatever else it has. */
    static CacheHead head(@Nullable Object position, @Nullable Object checked, @Nullable Object home) {
        if (position == null) {
            return new CacheHead(null, null, null);
        }
        return new CacheHead(
                new Position(number("#position", position)),
                checked == null ? null : Instant.ofEpochMilli(number("#checked", checked)),
                home == null ? null : region(text(home)));
    }

    static CachedFlag flag(@Nullable Object value) {
        return value == null ? CachedFlag.MISSING : FieldFormat.decode(bytes(value));
    }

    static byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        throw new UnreadableFieldException(
                "cache answered with a " + value.getClass().getSimpleName() + " where text was due");
    }

    static String text(Object value) {
        return new String(bytes(value), US_ASCII);
    }

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    static byte[] ascii(long number) {
        return ascii(Long.toString(number));
    }

    static Instant instant(String what, Object value) {
        return Instant.ofEpochMilli(number(what, value));
    }

    private static long number(String field, Object value) {
        OptionalLong number = Position.parse(text(value));
        return number.orElseThrow(() -> new UnreadableFieldException(field + " is not a number"));
    }

    private static @Nullable Region region(String text) {
        try {
            return new Region(text);
        } catch (IllegalArgumentException _) {
            // a hint that cannot be one is as good as none
            return null;
        }
    }
}
