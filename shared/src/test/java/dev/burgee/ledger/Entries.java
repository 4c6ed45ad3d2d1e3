package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.region.Region;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Entries for tests; each operation id is the kind and the number unless said otherwise. */
public final class Entries {
    public static final Region REGION = new Region("eu-west-1");

    private static final Instant AT = Instant.parse("2026-11-21T05:00:00.123Z");

    private Entries() {}

    public static Entry put(long number, String key) {
        return put(number, key, "put-" + number);
    }

    public static Entry put(long number, String key, String operationId) {
        return entry(number, Entry.Kind.PUT, List.of(live(number, key)), operationId);
    }

    public static Entry delete(long number, String key) {
        var change = new Change(new FlagKey(key), new FlagState.Deleted(number), false);
        return entry(number, Entry.Kind.DELETE, List.of(change), "delete-" + number);
    }

    /** An invalidation of a flag that entry {@code version} put. */
    public static Entry invalidate(long number, String key, long version) {
        return entry(number, Entry.Kind.INVALIDATE, List.of(live(version, key)), "invalidate-" + number);
    }

    /** An import of flags called {@code prefix-0} and so on. */
    public static Entry importOf(long number, String prefix, int count) {
        List<Change> changes = IntStream.range(0, count)
                .mapToObj(i -> live(number, prefix + "-" + i))
                .toList();
        return entry(number, Entry.Kind.IMPORT, changes, "import-" + number);
    }

    public static Entry promotion(long number, String home) {
        return new Entry(
                number, Entry.Kind.PROMOTION, List.of(), "pulse", AT, REGION, "promotion-" + number, new Region(home));
    }

    /** What {@link #put} and {@link #importOf} leave of a flag. */
    public static FlagState.Live state(long version, String key) {
        return new FlagState.Live(
                version, "{\"key\":\"" + key + "\",\"state\":\"ENABLED\",\"version\":" + version + "}");
    }

    public static Entry entry(long number, Entry.Kind kind, List<Change> changes, String operationId) {
        return new Entry(number, kind, changes, "ci", AT, REGION, operationId, null);
    }

    private static Change live(long number, String key) {
        return new Change(new FlagKey(key), state(number, key), true);
    }
}
