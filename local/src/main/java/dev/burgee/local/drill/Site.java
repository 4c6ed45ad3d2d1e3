package dev.burgee.local.drill;

import dev.burgee.json.MalformedJsonException;
import dev.burgee.local.Api;
import dev.burgee.local.Reply;
import dev.burgee.local.drill.ReadSeen.Read;
import dev.burgee.local.drill.ReadSeen.Shown;
import dev.burgee.local.drill.WriteSeen.Answer;
import dev.burgee.local.drill.WriteSeen.Write;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One region's API as a customer there calls it; all that it sees is observed. Thread-safe. */
final class Site {
    /** What a customer waits for a read; the function's own limit is 5 s. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(6);
    /** And for a write; the whole of it takes 5 s at most. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);

    private static final int DETAIL_MAX = 200;

    private final String region;
    private final Api reads;
    private final Api writes;
    private final Observations observations;
    private final Clock clock;

    Site(String region, URI address, Observations observations, Clock clock) {
        this.region = region;
        this.reads = new Api(address, READ_LIMIT);
        this.writes = new Api(address, WRITE_LIMIT);
        this.observations = observations;
        this.clock = clock;
    }

    String region() {
        return region;
    }

    /** For what is not observed: history, export. */
    Api api() {
        return writes;
    }

    /** Replaces a flag, or creates it. */
    WriteSeen put(String flag, String operation) {
        return write("PUT", flag, operation, Api.document(operation));
    }

    /** Changes a flag that exists. */
    WriteSeen patch(String flag, String operation) {
        return write("PATCH", flag, operation, Api.patch("op", operation));
    }

    /** Reads a flag that exists, without a token. */
    ReadSeen read(String caller, String flag) {
        return read(new Read(caller, region, Set.of(flag), 0), 0);
    }

    /**
     * Reads one flag that exists.
     *
     * @param known a version that the caller has: 304 if it is still that; 0: none
     */
    ReadSeen read(Read read, long known) {
        Map<String, String> headers = new HashMap<>();
        if (known > 0) {
            headers.put("If-None-Match", "\"" + known + "\"");
        }
        String flag = read.flags().iterator().next();
        return read(read, "/api/config/flags/" + flag, headers, reply -> {
            long version = reply.status() == 304 ? known : reply.version();
            return version > 0 ? Map.of(flag, version) : Map.of();
        });
    }

    /** Lists flags that follow each other by key, all of which exist. */
    ReadSeen list(Read read, String after) {
        String path =
                "/api/config/flags?after=" + after + "&limit=" + read.flags().size();
        return read(read, path, Map.of(), Site::listed);
    }

    /**
     * Whether a read without a token shows every flag of a drill, and the state at a position or later; not observed.
     *
     * @param position the newest version that must be visible, of whichever flag
     */
    boolean isUpTo(DrillFlags flags, long position) {
        try {
            Reply reply = reads.send(
                    "GET",
                    "/api/config/flags?after=" + DrillFlags.PREFIX + "&limit="
                            + flags.all().size(),
                    "");
            return reply.status() == 200
                    && reply.position() >= position
                    && listed(reply).keySet().containsAll(flags.all());
        } catch (UncheckedIOException | MalformedJsonException e) {
            return false;
        }
    }

    /** Whether a list without a token shows all these flags at these versions or later ones; not observed. */
    boolean isUpTo(Map<String, Long> versions) {
        try {
            Reply reply =
                    reads.send("GET", "/api/config/flags?after=" + DrillFlags.PREFIX + "&limit=" + versions.size(), "");
            Map<String, Long> listed = listed(reply);
            return versions.entrySet().stream()
                    .allMatch(flag -> listed.getOrDefault(flag.getKey(), -1L) >= flag.getValue());
        } catch (UncheckedIOException | MalformedJsonException e) {
            return false;
        }
    }

    private interface Versions {
        Map<String, Long> in(Reply reply);
    }

    private ReadSeen read(Read read, String path, Map<String, String> more, Versions versions) {
        Map<String, String> headers = new HashMap<>(more);
        if (read.token() > 0) {
            headers.put("Burgee-Position", Long.toString(read.token()));
        }
        long startMs = clock.nowMs();
        ReadSeen seen;
        try {
            Reply reply = reads.send("GET", path, "", flat(headers));
            boolean answered = reply.status() == 200 || reply.status() == 304;
            seen = new ReadSeen(
                    read,
                    clock.atMs(reply.startNanos()),
                    clock.atMs(reply.endNanos()),
                    new Shown(
                            reply.status(),
                            reply.position(),
                            answered ? versions.in(reply) : Map.of(),
                            reply.header("burgee-stale").isEmpty() ? -1 : Long.parseLong(reply.header("burgee-stale")),
                            !reply.header("retry-after").isEmpty(),
                            answered ? "" : detail(reply)));
        } catch (UncheckedIOException | MalformedJsonException e) {
            seen = new ReadSeen(
                    read, startMs, clock.nowMs(), new Shown(0, -1, Map.of(), -1, false, String.valueOf(e.getCause())));
        }
        observations.add(seen);
        return seen;
    }

    private WriteSeen write(String method, String flag, String operation, String body) {
        var write = new Write(region, flag, operation);
        long startMs = clock.nowMs();
        WriteSeen seen;
        try {
            Reply reply = writes.send(method, "/api/admin/flags/" + flag, body, "Idempotency-Key", operation);
            seen = new WriteSeen(
                    write,
                    clock.atMs(reply.startNanos()),
                    clock.atMs(reply.endNanos()),
                    answer(reply),
                    reply.isAccepted() ? reply.version() : 0,
                    reply.isAccepted() ? "" : detail(reply));
        } catch (UncheckedIOException | MalformedJsonException e) {
            seen = new WriteSeen(write, startMs, clock.nowMs(), Answer.UNKNOWN, 0, String.valueOf(e.getCause()));
        }
        observations.add(seen);
        return seen;
    }

    private static Answer answer(Reply reply) {
        if (reply.isAccepted()) {
            boolean delayed = reply.json().get("propagation") instanceof Map<?, ?> propagation
                    && "delayed".equals(propagation.get("status"));
            return delayed ? Answer.DELAYED : Answer.PROPAGATING;
        }
        return reply.status() / 100 == 4 && reply.status() != 429 ? Answer.REFUSED : Answer.UNKNOWN;
    }

    private static Map<String, Long> listed(Reply reply) {
        Map<String, Long> versions = new HashMap<>();
        if (reply.json().get("flags") instanceof List<?> flags) {
            for (@Nullable Object flag : flags) {
                if (flag instanceof Map<?, ?> members && members.get("version") instanceof Number version) {
                    versions.put(String.valueOf(members.get("key")), version.longValue());
                }
            }
        }
        return versions;
    }

    private static String detail(Reply reply) {
        return reply.status() + " "
                + reply.body()
                        .strip()
                        .substring(0, Math.min(DETAIL_MAX, reply.body().strip().length()));
    }

    private static String[] flat(Map<String, String> headers) {
        return headers.entrySet().stream()
                .flatMap(header -> List.of(header.getKey(), header.getValue()).stream())
                .toArray(String[]::new);
    }
}
