package dev.burgee.baseline;

import org.jspecify.annotations.Nullable;

/** A flag as the cache shows it: {@code 1 d VERSION\nJSON}. Documents over 1 KiB are compressed, which this one cannot read. */
record CachedFlag(
        long position, @Nullable String version, @Nullable String json) {
    private static final String LIVE = "1 d ";

    /** Of {@code #position} and the flag's field. */
    static CachedFlag of(String position, @Nullable String field) {
        if (field == null) {
            return new CachedFlag(Long.parseLong(position), null, null);
        }
        int end = field.indexOf('\n');
        if (!field.startsWith(LIVE) || end < 0) {
            throw new IllegalStateException(
                    "not a document as it is: " + field.substring(0, Math.min(8, field.length())));
        }
        return new CachedFlag(Long.parseLong(position), field.substring(LIVE.length(), end), field.substring(end + 1));
    }
}
