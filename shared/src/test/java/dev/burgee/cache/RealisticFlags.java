package dev.burgee.cache;

import dev.burgee.flag.Flag;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagRules;
import dev.burgee.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Flag documents of a wanted size, as flagd's own examples and real rollouts look: short switches; rules by mail domain,
 * version, country and share; what makes them long is lists of tenants (UUIDs), users (mail addresses) and configuration
 * texts. UUIDs and names are random, so that nothing compresses better than in life. Not thread-safe.
 */
final class RealisticFlags {
    private static final Instant AT = Instant.parse("2026-11-21T05:00:00Z");
    private static final List<String> TEAMS = List.of("checkout", "search", "payments", "mobile", "growth", "platform");
    private static final List<String> SUBJECTS = List.of(
            "new-banner",
            "edge-cache",
            "rate-limit",
            "grid-layout",
            "ranking-model",
            "retry-policy",
            "price-test",
            "dark-theme");
    private static final List<String> COUNTRIES = List.of("de", "fr", "ie", "jp", "sg", "us", "br", "in", "au", "se");
    private static final List<String> DOMAINS =
            List.of("example.com", "acme.example", "umbrella.example", "initech.example", "globex.example");
    /** What rules bring with them besides themselves. */
    private static final int TARGETING_BYTES = 30;

    private static final String LETTERS = "aaabcdeeeefghiiijklmnnoooprrsstttuvwxyz";

    private final Random random;
    private int made;

    RealisticFlags(long seed) {
        this.random = new Random(seed);
    }

    /** One whose document has about so many bytes: no more than one rule less, and a whole rule is 200 to 600 bytes. */
    Flag ofAbout(int bytes) {
        var key = new FlagKey(pick(TEAMS) + "." + pick(SUBJECTS) + "-" + ++made);
        List<Object> branches = new ArrayList<>();
        int size = size(flag(key, branches)) + TARGETING_BYTES;
        while (true) {
            Object condition = condition(Math.clamp((bytes - size) / 100, 1, 6));
            String variant = random.nextInt(5) == 0 ? "off" : "on";
            size += Json.write(condition).length() + variant.length() + 4;
            if (size > bytes) {
                return flag(key, branches);
            }
            branches.add(condition);
            branches.add(variant);
        }
    }

    static int size(Flag flag) {
        return flag.json().getBytes(StandardCharsets.UTF_8).length;
    }

    private static Flag flag(FlagKey key, List<Object> branches) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("state", "ENABLED");
        tree.put("variants", Map.of("on", true, "off", false));
        tree.put("defaultVariant", "off");
        if (!branches.isEmpty()) {
            List<Object> all = new ArrayList<>(branches);
            all.add("off");
            tree.put("targeting", Map.of("if", all));
        }
        tree.put(
                "metadata", Map.of("owner", key.value().substring(0, key.value().indexOf('.'))));
        if (FlagRules.check(key, tree, "") instanceof FlagRules.Valid valid) {
            return new Flag(key, valid.definition(), 1_042_117, AT, "ci");
        }
        throw new AssertionError(tree);
    }

    private Object condition(int names) {
        return switch (random.nextInt(5)) {
            case 0 -> Map.of("in", List.of(Map.of("var", "tenantId"), some(names, () -> uuid())));
            case 1 -> Map.of("in", List.of(Map.of("var", "email"), some(names, () -> mail())));
            case 2 ->
                Map.of(
                        "and",
                        List.of(
                                Map.of("ends_with", List.of(Map.of("var", "email"), "@" + pick(DOMAINS))),
                                Map.of("sem_ver", List.of(Map.of("var", "appVersion"), ">=", version()))));
            case 3 ->
                Map.of(
                        "and",
                        List.of(
                                Map.of("in", List.of(Map.of("var", "country"), some(3, () -> pick(COUNTRIES)))),
                                Map.of("<", List.of(Map.of("var", "accountAgeDays"), random.nextInt(2_000)))));
            default ->
                Map.of(
                        "fractional",
                        List.of(
                                Map.of("cat", List.of(Map.of("var", "$flagd.flagKey"), Map.of("var", "userId"))),
                                List.of("on", random.nextInt(100)),
                                List.of("off", random.nextInt(100))));
        };
    }

    private static List<Object> some(int count, Supplier<Object> each) {
        List<Object> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(each.get());
        }
        return some;
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private String mail() {
        return word() + "." + word() + "@" + pick(DOMAINS);
    }

    private String word() {
        var word = new StringBuilder();
        int length = 4 + random.nextInt(6);
        for (int i = 0; i < length; i++) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return word.toString();
    }

    private String version() {
        return random.nextInt(9) + "." + random.nextInt(30) + "." + random.nextInt(10);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
