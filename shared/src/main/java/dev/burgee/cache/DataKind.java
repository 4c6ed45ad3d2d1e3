package dev.burgee.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The closed set of what a cache holds, and the policy of each kind: where it is, for how long, how large and how many at
 * most, and whether it is compressed. Whatever is written passes through here. docs/architecture.md has the same table.
 *
 * <p>Flags, markers and head have no time to live: eviction or expiry of one of them would part the data from the position
 * that it claims. How fresh they are is told by {@code #checked}.
 */
public enum DataKind {
    /** A flag's document, or its tombstone. The limit is 16 times the largest document, for what a header may promise. */
    FLAG("flag", "burgee:flags", "f:<flag>", null, 1 << 20, null, 1_024),
    /** Of an invalidated flag, in the flag's field. */
    MARKER("marker", "burgee:flags", "f:<flag>", null, 64, null, null),
    POSITION("position", "burgee:flags", "#position", null, 64, 1, null),
    CHECKED("checked", "burgee:flags", "#checked", null, 64, 1, null),
    HOME("home", "burgee:flags", "#home", null, 64, 1, null),
    /** The list of recent entries, for readers that catch up; the size is that of one item. */
    RECENT("recent", "burgee:recent", null, null, 8_192, 1_000, null),
    /** A whole state on its way in; what a loader that died leaves behind goes away. The size is that of one field. */
    LOAD("load", "burgee:load:<name>", "as in burgee:flags", Duration.ofSeconds(60), 1 << 20, null, null),
    /** Who loads this cache at present. Kept for as long as it asks, and this at most. */
    LOADER("loader", "burgee:loader", null, Duration.ofMinutes(5), 1, 1, null),
    HEARTBEAT("heartbeat", "burgee:heartbeat:<region>", null, Duration.ofDays(1), 64, null, null),
    VIEW("view", "burgee:view:<region>", null, Duration.ofDays(1), 16_384, null, null);

    private final String text;
    private final String key;
    private final @Nullable String field;
    private final @Nullable Duration keptFor;
    private final int bytesMax;
    private final @Nullable Integer countMax;
    private final @Nullable Integer compressedOver;

    DataKind(
            String text,
            String key,
            @Nullable String field,
            @Nullable Duration keptFor,
            int bytesMax,
            @Nullable Integer countMax,
            @Nullable Integer compressedOver) {
        this.text = text;
        this.key = key;
        this.field = field;
        this.keptFor = keptFor;
        this.bytesMax = bytesMax;
        this.countMax = countMax;
        this.compressedOver = compressedOver;
    }

    /** The kind's name in documents and messages. */
    public String text() {
        return text;
    }

    /** The key; what differs is in angle brackets. */
    public String key() {
        return key;
    }

    /** The field of that key's hash; empty when it is no hash. */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** After this it is gone unless somebody renewed it; empty: it stays. */
    public Optional<Duration> keptFor() {
        return Optional.ofNullable(keptFor);
    }

    /** A value may have so many bytes, before compression. */
    public int bytesMax() {
        return bytesMax;
    }

    /** There are at most so many of it in one cache; empty: as many as there are flags, regions or loaders. */
    public OptionalInt countMax() {
        return countMax == null ? OptionalInt.empty() : OptionalInt.of(countMax);
    }

    /** Longer values are compressed by LZ4, if that makes them smaller; empty: none are. */
    public OptionalInt compressedOver() {
        return compressedOver == null ? OptionalInt.empty() : OptionalInt.of(compressedOver);
    }

    boolean compresses(int bytes) {
        return compressedOver != null && bytes > compressedOver;
    }

    /**
     * The value, which may be written.
     *
     * @throws IllegalArgumentException when it is too large
     */
    byte[] fitting(byte[] value) {
        if (value.length > bytesMax) {
            throw new IllegalArgumentException(
                    "a " + text + " has " + value.length + " bytes, but may have at most " + bytesMax);
        }
        return value;
    }

    /** How long to keep a value whose writer asks for this. */
    Duration keptFor(Duration asked) {
        return keptFor != null && asked.compareTo(keptFor) > 0 ? keptFor : asked;
    }

    /** How long each value is kept; only of kinds that go away. */
    Duration lifetime() {
        if (keptFor == null) {
            throw new IllegalStateException("a " + text + " stays");
        }
        return keptFor;
    }

    /** The key as the server knows it. */
    byte[] keyBytes() {
        return key.getBytes(US_ASCII);
    }

    /** The key of one of several. */
    String keyOf(Object which) {
        return key.substring(0, key.indexOf('<')) + which;
    }

    /** The field; only of kinds with one field. */
    byte[] fieldBytes() {
        return fieldPrefix().getBytes(US_ASCII);
    }

    /** The field, or what fields of this kind begin with. */
    String fieldPrefix() {
        if (field == null) {
            throw new IllegalStateException("a " + text + " is no field");
        }
        int open = field.indexOf('<');
        return open < 0 ? field : field.substring(0, open);
    }
}
