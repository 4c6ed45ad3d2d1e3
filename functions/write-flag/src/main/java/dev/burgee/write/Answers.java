package dev.burgee.write;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.http.ETags;
import dev.burgee.http.Response;
import dev.burgee.json.Json;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.region.Region;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers of the write routes. */
final class Answers {
    /** Invariant 5 of docs/architecture.md. */
    private static final int VISIBLE_WITHIN_MS = 2_000;

    /** A change that no cache could be told of is caught up by the pulse, once a minute. */
    private static final int VISIBLE_WITHIN_DELAYED_MS = 60_000 + VISIBLE_WITHIN_MS;

    private final Region here;

    Answers(Region here) {
        this.here = here;
    }

    /** The answer to a write of one flag. */
    Response written(Accepted accepted, int status, String what) {
        Change change = accepted.entry().changes().getFirst();
        String flag = switch (change.after()) {
            case FlagState.Live live -> live.json();
            case FlagState.Deleted deleted -> tombstone(change.key(), deleted.version(), accepted.entry());
            case FlagState.Absent _ -> "null";
        };
        String body = "{\"flag\":" + flag + ",\"message\":\"" + message(accepted, what) + "\",\"propagation\":"
                + Json.write(propagation(accepted)) + "}";
        Response response = positioned(Response.json(status, body), accepted.entry());
        return change.after() instanceof FlagState.Live live
                ? response.with("ETag", ETags.format(live.version()))
                : response;
    }

    /** The answer to an import, or to its preview. */
    Response imported(List<Change> changes, int unchanged, @Nullable Accepted accepted) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("dryRun", accepted == null);
        body.put("created", keys(changes, change -> change.created()));
        body.put("updated", keys(changes, change -> !change.created() && change.after() instanceof FlagState.Live));
        body.put("deleted", keys(changes, change -> change.after() instanceof FlagState.Deleted));
        body.put("unchanged", unchanged);
        if (accepted == null) {
            return Response.json(200, Json.write(body)).with("Burgee-Region", here.code());
        }
        body.put("version", accepted.entry().number());
        body.put("message", message(accepted, "Flags imported"));
        body.put("propagation", propagation(accepted));
        return positioned(Response.json(200, Json.write(body)), accepted.entry());
    }

    private Response positioned(Response response, Entry entry) {
        return response.with("Burgee-Position", entry.position().toString()).with("Burgee-Region", here.code());
    }

    private static String message(Accepted accepted, String what) {
        return accepted.propagation().delayed()
                ? what + ", changes are kept and will propagate once a writable cache can be reached"
                : what + ", changes propagating globally";
    }

    private Map<String, @Nullable Object> propagation(Accepted accepted) {
        boolean delayed = accepted.propagation().delayed();
        Map<String, @Nullable Object> propagation = new LinkedHashMap<>();
        propagation.put("status", delayed ? "delayed" : "propagating");
        propagation.put("writeRegion", accepted.propagation().writeRegion().code());
        propagation.put("requestRegion", here.code());
        propagation.put("visibleWithinMs", delayed ? VISIBLE_WITHIN_DELAYED_MS : VISIBLE_WITHIN_MS);
        return propagation;
    }

    private static String tombstone(FlagKey key, long version, Entry entry) {
        Map<String, @Nullable Object> tombstone = new LinkedHashMap<>();
        tombstone.put("key", key.value());
        tombstone.put("deleted", true);
        tombstone.put("version", version);
        tombstone.put("updatedAt", entry.at().truncatedTo(ChronoUnit.SECONDS).toString());
        tombstone.put("updatedBy", entry.actor());
        return Json.write(tombstone);
    }

    private static List<String> keys(List<Change> changes, java.util.function.Predicate<Change> which) {
        return changes.stream()
                .filter(which)
                .map(change -> change.key().value())
                .sorted()
                .toList();
    }
}
