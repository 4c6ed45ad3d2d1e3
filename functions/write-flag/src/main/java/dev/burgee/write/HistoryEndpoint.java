package dev.burgee.write;

import dev.burgee.failure.NotFoundException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.http.Request;
import dev.burgee.http.Response;
import dev.burgee.json.Json;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who changed a flag, when, from what to what; newest first. */
final class HistoryEndpoint {
    /** Two documents of 64 KiB a version: so many stay well under the 6 MB of an answer. */
    private static final int LIMIT_MAX = 25;

    private final Ledger ledger;
    private final Region here;
    private final Limits limits;
    private final Time time;

    HistoryEndpoint(Ledger ledger, Region here, Limits limits, Time time) {
        this.ledger = ledger;
        this.here = here;
        this.limits = limits;
        this.time = time;
    }

    Response history(Request request) {
        FlagKey key = request.flagKey();
        int limit = (int) Input.number(request, "limit", 1, LIMIT_MAX, LIMIT_MAX);
        long before = Input.number(request, "before", 1, 999_999_999_999_999_999L, Long.MAX_VALUE);
        try {
            // one more than asked for: it is what was there before the last one
            List<Entry> entries = ledger.history(key, before, limit + 1, Deadline.after(limits.wholeWrite(), time));
            if (entries.isEmpty() && before == Long.MAX_VALUE) {
                throw new NotFoundException("flag " + key + " does not exist and never did");
            }
            return Response.json(200, body(key, entries, limit))
                    .with("Burgee-Source", "database")
                    .with("Burgee-Region", here.code());
        } catch (LedgerUnavailableException e) {
            throw new UnavailableException("no region of the ledger answered in time", Duration.ofSeconds(2), e);
        }
    }

    private static String body(FlagKey key, List<Entry> entries, int limit) {
        StringBuilder body =
                new StringBuilder("{\"key\":").append(Json.write(key.value())).append(",\"versions\":[");
        int shown = Math.min(limit, entries.size());
        for (int i = 0; i < shown; i++) {
            Entry entry = entries.get(i);
            String earlier = i + 1 < entries.size() ? document(key, entries.get(i + 1)) : "null";
            Map<String, @Nullable Object> version = new LinkedHashMap<>();
            version.put("version", entry.number());
            version.put("kind", entry.kind().text());
            version.put("actor", entry.actor());
            version.put("at", entry.at().toString());
            version.put("requestRegion", entry.requestRegion().code());
            String head = Json.write(version);
            body.append(i == 0 ? "" : ",")
                    .append(head, 0, head.length() - 1)
                    .append(",\"before\":")
                    .append(earlier)
                    .append(",\"after\":")
                    .append(document(key, entry))
                    .append('}');
        }
        body.append(']');
        if (entries.size() > limit) {
            body.append(",\"next\":").append(entries.get(limit - 1).number());
        }
        return body.append('}').toString();
    }

    private static String document(FlagKey key, Entry entry) {
        return entry.changes().stream()
                .filter(change -> change.key().equals(key))
                .map(Change::after)
                .map(state -> state instanceof FlagState.Live live ? live.json() : "null")
                .findFirst()
                .orElse("null");
    }
}
