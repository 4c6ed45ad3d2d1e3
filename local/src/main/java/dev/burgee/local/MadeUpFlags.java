package dev.burgee.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Flags as real projects have them: mostly switches, some with several variants, a few with long targeting rules. */
public final class MadeUpFlags {
    private static final long RANDOM_SEED = 42;
    private static final List<String> TEAMS = List.of("checkout", "search", "payments", "mobile", "growth", "platform");
    private static final List<String> SUBJECTS =
            List.of("banner", "cache", "limit", "layout", "model", "retry", "rollout", "theme");
    private static final List<String> COUNTRIES = List.of("de", "fr", "ie", "jp", "sg", "us");
    private static final int PERCENT_WITH_RULES = 20;
    private static final int PERCENT_WITH_LONG_RULES = 2;
    private static final int PERCENT_TEXTS = 15;

    private MadeUpFlags() {}

    /** The same flags for the same count, by key, as flagd definitions. */
    public static Map<String, Object> of(int count) {
        var random = new Random(RANDOM_SEED);
        Map<String, Object> flags = new LinkedHashMap<>();
        for (int i = 1; i <= count; i++) {
            String team = pick(TEAMS, random);
            flags.put("%s.%s-%05d".formatted(team, pick(SUBJECTS, random), i), flag(team, random));
        }
        return flags;
    }

    private static Map<String, Object> flag(String team, Random random) {
        int kind = random.nextInt(100);
        Map<String, Object> flag = new LinkedHashMap<>();
        flag.put("state", random.nextInt(10) == 0 ? "DISABLED" : "ENABLED");
        if (kind < PERCENT_TEXTS) {
            flag.put("variants", Map.of("control", "v1", "treatment", "v2", "holdout", "v0"));
            flag.put("defaultVariant", "control");
        } else {
            flag.put("variants", Map.of("on", true, "off", false));
            flag.put("defaultVariant", "off");
        }
        if (kind >= 100 - PERCENT_WITH_RULES) {
            int rules = kind >= 100 - PERCENT_WITH_LONG_RULES ? 40 + random.nextInt(60) : 1 + random.nextInt(4);
            flag.put("targeting", targeting(rules, random));
        }
        flag.put("metadata", Map.of("owner", team, "ticket", "FF-" + random.nextInt(100_000)));
        return flag;
    }

    private static Map<String, Object> targeting(int rules, Random random) {
        List<Object> branches = new ArrayList<>();
        for (int i = 0; i < rules; i++) {
            branches.add(Map.of(
                    "and",
                    List.of(
                            Map.of("==", List.of(Map.of("var", "country"), pick(COUNTRIES, random))),
                            Map.of("<", List.of(Map.of("var", "accountAgeDays"), random.nextInt(1_000))))));
            branches.add("on");
        }
        branches.add("off");
        return Map.of("if", branches);
    }

    private static String pick(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }
}
