package dev.burgee.local.drill;

import dev.burgee.json.Json;
import dev.burgee.local.Reply;
import dev.burgee.local.drill.Aftermath.Version;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks every region for what is there at the end: history, flags, export. Not thread-safe. */
final class Audit {
    private static final int PAGES_MAX = 1_000;

    private final List<Site> sites;
    private final DrillFlags flags;
    private final String id;
    private final List<String> problems = new ArrayList<>();

    /**
     * Asks nothing yet.
     *
     * @param id with which this drill's operations begin
     */
    Audit(List<Site> sites, DrillFlags flags, String id) {
        this.sites = sites;
        this.flags = flags;
        this.id = id;
    }

    /** History and export come from the given region, flags from all. */
    Aftermath run(Site from) {
        List<Version> history = new ArrayList<>();
        flags.all().forEach(flag -> attempt("the history of " + flag, () -> history.addAll(history(from, flag))));
        Map<String, Map<String, Version>> regions = new HashMap<>();
        for (Site site : sites) {
            Map<String, Version> shown = new HashMap<>();
            flags.all()
                    .forEach(flag -> attempt(flag + " in " + site.region(), () -> shown.put(flag, flag(site, flag))));
            regions.put(site.region(), Map.copyOf(shown));
        }
        Map<String, String> exported = new HashMap<>();
        attempt("the export", () -> exported.putAll(exported(from)));
        return new Aftermath(history, regions, exported, problems);
    }

    private void attempt(String what, Runnable asking) {
        try {
            asking.run();
        } catch (UncheckedIOException | IllegalStateException e) {
            problems.add(what + " could not be had: " + e.getMessage());
        }
    }

    /** Newest first, as far back as this drill's operations go; what was there before is no concern of it. */
    private List<Version> history(Site from, String flag) {
        List<Version> versions = new ArrayList<>();
        String query = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            Map<?, ?> answer = ok(from.api().history(flag, query));
            if (answer.get("versions") instanceof List<?> some) {
                for (@Nullable Object version : some) {
                    Version read = version(flag, version);
                    if (!read.operation().startsWith(id + "-")) {
                        return versions;
                    }
                    versions.add(read);
                }
            }
            if (!(answer.get("next") instanceof Number next)) {
                return versions;
            }
            query = "?before=" + next;
        }
        throw new IllegalStateException("it has more than " + PAGES_MAX + " pages");
    }

    private static Version version(String flag, @Nullable Object member) {
        Map<?, ?> version = member instanceof Map<?, ?> members ? members : Map.of();
        long number = version.get("version") instanceof Number given ? given.longValue() : 0;
        return new Version(flag, number, operation(version.get("after")));
    }

    private static Version flag(Site site, String flag) {
        Map<?, ?> answer = ok(site.api().read(flag));
        long number = answer.get("version") instanceof Number given ? given.longValue() : 0;
        return new Version(flag, number, operation(answer));
    }

    private Map<String, String> exported(Site from) {
        Map<String, String> exported = new HashMap<>();
        Set<String> missing = new HashSet<>(flags.all());
        String after = DrillFlags.PREFIX;
        while (!missing.isEmpty() && !after.isEmpty()) {
            Reply reply = from.api().send("GET", "/api/admin/export?after=" + after, "");
            if (ok(reply).get("flags") instanceof Map<?, ?> some) {
                some.forEach((key, flag) -> {
                    if (missing.remove(String.valueOf(key))) {
                        exported.put(String.valueOf(key), operation(flag));
                    }
                });
            }
            after = reply.header("burgee-next");
        }
        return exported;
    }

    private static Map<?, ?> ok(Reply reply) {
        if (reply.status() != 200 || !(Json.parse(reply.body()) instanceof Map<?, ?> answer)) {
            throw new IllegalStateException(
                    "answered " + reply.status() + " " + reply.body().strip());
        }
        return answer;
    }

    private static String operation(@Nullable Object flag) {
        Object operation = flag instanceof Map<?, ?> members && members.get("metadata") instanceof Map<?, ?> metadata
                ? metadata.get("op")
                : null;
        return operation == null ? "" : operation.toString();
    }
}
