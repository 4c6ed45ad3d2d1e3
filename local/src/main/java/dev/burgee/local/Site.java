package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page for people, as a static host would serve it; only {@code config.json} is this world's own. Immutable. */
final class Site {
    private static final String INDEX = "index.html";
    private static final String CONFIG = "config.json";
    /** No slash, so that nothing but the page's own folder can be named. */
    private static final Pattern NAME = Pattern.compile("[a-z]+\\.(html|js|css|svg|json)");

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    private final String config;
    private final String policy;

    /**
     * The page of a world.
     *
     * @param apis where each region's API answers
     * @param ledgerRegions whose ledger the page can stop
     */
    Site(Map<Region, String> apis, List<Region> ledgerRegions) {
        Map<String, Object> world = new LinkedHashMap<>();
        world.put("url", "");
        world.put("ledgerRegions", ledgerRegions.stream().map(Region::code).toList());
        world.put("keys", Stream.of(DevKey.values()).map(DevKey::text).toList());
        Map<String, Object> members = new LinkedHashMap<>();
        Map<String, Object> regions = new LinkedHashMap<>();
        apis.forEach((region, api) -> regions.put(region.code(), api));
        members.put("regions", regions);
        members.put("pollMs", 1_000);
        members.put("world", world);
        this.config = Json.write(members) + "\n";
        this.policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' "
                + apis.values().stream().collect(Collectors.joining(" "))
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                + " require-trusted-types-for 'script'; trusted-types 'none'";
    }

    /** The file at a path, {@code /} for the first page; empty when the page has none such. */
    Optional<ControlReply> file(String path) {
        String name = path.equals("/") ? INDEX : path.substring(1);
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Optional<String> text = name.equals(CONFIG) ? Optional.of(config) : read(name);
        String type = CONTENT_TYPES.getOrDefault(name.substring(name.indexOf('.') + 1), "text/plain");
        return text.map(body -> new ControlReply(200, type, body));
    }

    /** What a host should send along with every file: nothing from elsewhere runs or is shown, and nobody frames it. */
    Map<String, String> headers() {
        return Map.of(
                "Content-Security-Policy", policy,
                "X-Content-Type-Options", "nosniff",
                "Referrer-Policy", "no-referrer",
                // the next world at this port may have another page, and has other addresses
                "Cache-Control", "no-store");
    }

    private static Optional<String> read(String name) {
        try (InputStream in = Site.class.getResourceAsStream("/site/" + name)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
