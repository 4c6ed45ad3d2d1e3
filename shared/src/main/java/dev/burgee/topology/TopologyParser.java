package dev.burgee.topology;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the topology secret. Not thread-safe: one instance reads one text. */
public final class TopologyParser {
    private static final int REGIONS_MAX = 32;
    private static final String CACHE_RULE = " must be redis://host:port or rediss://host:port";
    private static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_.-]{3,255}");

    private final List<String> problems = new ArrayList<>();

    private TopologyParser() {}

    /**
     * The topology that the text says; members that are not known are ignored, so that newer secrets do not break older
     * code.
     *
     * @throws MisconfiguredException listing everything that is wrong, never with a password or an address
     */
    public static Topology parse(String json) {
        return new TopologyParser().read(json);
    }

    /** What is wrong with a table's name, or empty. */
    static Optional<String> tableProblem(String name) {
        return TABLE.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("must be the name of a DynamoDB table: 3 to 255 characters out of A-Z a-z 0-9 _ . -");
    }

    private Topology read(String json) {
        Map<?, ?> secret = secret(json);
        Optional<Region> primary = region("/primary", secret.get("primary"));
        Map<Region, URI> caches = caches(object("/regions", secret.get("regions")));
        String username = optionalText("/username", secret.get("username"));
        String password = optionalText("/password", secret.get("password"));
        Map<?, ?> ledger = object("/ledger", secret.get("ledger"));
        String table = optionalText("/ledger/table", ledger.get("table"));
        Map<Region, Optional<URI>> ledgerRegions = ledgerRegions(object("/ledger/regions", ledger.get("regions")));
        if (password == null && caches.values().stream().anyMatch(Addresses::isTls)) {
            problems.add("/password is missing, but caches with rediss:// need one");
        }
        if (primary.isPresent() && !caches.isEmpty() && !caches.containsKey(primary.get())) {
            problems.add("/primary is " + primary.get() + ", which is not among /regions");
        }
        tableProblem(table == null ? "" : table).ifPresent(problem -> problems.add("/ledger/table " + problem));
        if (!problems.isEmpty()) {
            throw new MisconfiguredException(
                    "topology secret", problems.stream().distinct().toList());
        }
        return new Topology(primary.orElseThrow(), username, password, caches, String.valueOf(table), ledgerRegions);
    }

    private Map<?, ?> secret(String json) {
        try {
            if (Json.parse(json) instanceof Map<?, ?> secret) {
                return secret;
            }
        } catch (MalformedJsonException e) {
            throw new MisconfiguredException("topology secret", List.of(e.problem()));
        }
        throw new MisconfiguredException("topology secret", List.of("must be a JSON object"));
    }

    private Map<Region, URI> caches(Map<?, ?> regions) {
        Map<Region, URI> caches = new LinkedHashMap<>();
        regions.forEach((code, value) -> {
            String at = "/regions/" + shown(code);
            Optional<Region> region = region(at, code);
            String address = object(at, value).get("cache") instanceof String text ? text : "";
            Optional<URI> cache = Addresses.cache(address);
            if (cache.isEmpty()) {
                problems.add(at + "/cache" + CACHE_RULE);
            } else if (Addresses.userInfo(address).isPresent()) {
                problems.add(at + "/cache has a name or password in it; they belong into /username and /password");
            }
            if (region.isPresent() && cache.isPresent()) {
                caches.put(region.get(), cache.get());
            }
        });
        return caches;
    }

    private Map<Region, Optional<URI>> ledgerRegions(Map<?, ?> regions) {
        Map<Region, Optional<URI>> endpoints = new LinkedHashMap<>();
        regions.forEach((code, value) -> {
            String at = "/ledger/regions/" + shown(code);
            String endpoint = optionalText(at + "/endpoint", object(at, value).get("endpoint"));
            Optional<URI> uri = endpoint == null ? Optional.empty() : Addresses.endpoint(endpoint);
            if (endpoint != null && uri.isEmpty()) {
                problems.add(at + "/endpoint must be http://host:port or https://host:port");
            }
            region(at, code).ifPresent(region -> endpoints.put(region, uri));
        });
        return endpoints;
    }

    private Optional<Region> region(String at, @Nullable Object code) {
        try {
            if (code instanceof String text) {
                return Optional.of(new Region(text));
            }
            problems.add(at + " must be an AWS region code, for example eu-west-1");
        } catch (IllegalArgumentException _) {
            problems.add(at + " must be an AWS region code, for example eu-west-1, but is \"" + shown(code) + "\"");
        }
        return Optional.empty();
    }

    private Map<?, ?> object(String at, @Nullable Object value) {
        boolean isRegions = at.endsWith("/regions");
        if (!(value instanceof Map<?, ?> map)) {
            // an absent /ledger is told by what is missing in it
            if (value != null || !at.equals("/ledger")) {
                problems.add(at + " must be an object");
            }
            return Map.of();
        }
        if (isRegions && (map.isEmpty() || map.size() > REGIONS_MAX)) {
            problems.add(at + " has " + map.size() + " regions, but must have 1 to " + REGIONS_MAX);
            return Map.of();
        }
        return map;
    }

    private @Nullable String optionalText(String at, @Nullable Object value) {
        if (value instanceof String text) {
            return text.isBlank() ? null : text;
        }
        if (value != null) {
            problems.add(at + " must be text");
        }
        return null;
    }

    private static String shown(@Nullable Object code) {
        String text = String.valueOf(code).replaceAll("[^ -~]", "?");
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
