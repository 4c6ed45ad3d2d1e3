package dev.burgee.read;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.http.AnswerSize;
import dev.burgee.http.PreparedBody;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One page of the list, as it is sent.
 *
 * @param body {@code {"flags":[…]}}, with {@code "next":"<last key>"} when there is more
 */
record FlagPage(PreparedBody body) {
    /**
     * A page ends here at the latest. Counted as Lambda will send it, with each quote and backslash escaped once more and
     * in UTF-8: its answers are limited to 6 MB.
     */
    static final int BYTES_MAX = 5_000_000;

    /**
     * Cuts a page out of all flags.
     *
     * @param after only flags with greater keys; null: from the start
     * @param limit at most so many flags
     */
    static FlagPage of(SortedMap<FlagKey, FlagState> flags, @Nullable FlagKey after, int limit) {
        SortedMap<FlagKey, FlagState> rest = after == null ? flags : tail(flags, after);
        StringBuilder body = new StringBuilder(1_024).append("{\"flags\":[");
        long bytes = 0;
        int count = 0;
        FlagKey last = null;
        boolean more = false;
        for (var flag : rest.entrySet()) {
            if (!(flag.getValue() instanceof FlagState.Live live)) {
                continue;
            }
            long size = AnswerSize.ofBytes(live.json());
            if (count == limit || (count > 0 && bytes + size > BYTES_MAX)) {
                more = true;
                break;
            }
            if (count > 0) {
                body.append(',');
            }
            body.append(live.json());
            bytes += size + 1;
            count++;
            last = flag.getKey();
        }
        body.append(']');
        if (more && last != null) {
            body.append(",\"next\":\"").append(last.value()).append('"');
        }
        return new FlagPage(new PreparedBody(body.append('}').toString()));
    }

    private static SortedMap<FlagKey, FlagState> tail(SortedMap<FlagKey, FlagState> flags, FlagKey after) {
        SortedMap<FlagKey, FlagState> tail = flags.tailMap(after);
        if (!tail.isEmpty() && tail.firstKey().equals(after)) {
            var keys = tail.keySet().iterator();
            keys.next();
            return keys.hasNext() ? tail.tailMap(keys.next()) : tail.subMap(after, after);
        }
        return tail;
    }
}
