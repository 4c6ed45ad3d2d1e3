package dev.burgee.settings;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The environment's variables by type. Getters note what is wrong and go on with a default; {@link #check} then refuses
 * everything at once. A blank variable counts as not set, as templates cannot leave one out. Not thread-safe.
 */
public final class Environment {
    /** Every variable of Burgee's own: another one that starts with {@code BURGEE_} is surely a typing error. */
    public static final Set<String> KNOWN = Set.of(
            "BURGEE_TOPOLOGY_SECRET",
            "BURGEE_KEYS_SECRET",
            "BURGEE_OPEN_READS",
            "BURGEE_ADMIN_TOKENS",
            "BURGEE_CORS_ORIGINS",
            "BURGEE_PRIMARY_REGION",
            "BURGEE_LEDGER_TABLE",
            "BURGEE_LEDGER_REGIONS",
            "BURGEE_LEDGER_ENDPOINT",
            "BURGEE_LOCAL_CONNECT_MS",
            "BURGEE_LOCAL_READ_MS",
            "BURGEE_CROSS_CONNECT_MS",
            "BURGEE_CROSS_READ_MS",
            "BURGEE_CROSS_WRITE_MS",
            "BURGEE_LEDGER_CALL_MS",
            "BURGEE_AWS_CALL_MS",
            "BURGEE_WHOLE_READ_MS",
            "BURGEE_WHOLE_WRITE_MS",
            "BURGEE_FRESHNESS_WINDOW_MS",
            "BURGEE_CHECKED_AGE_MAX_MS",
            "BURGEE_SECRET_REFRESH_MS",
            "BURGEE_HOME_PARAMETER",
            "BURGEE_AUTO_PROMOTE",
            "BURGEE_GLOBAL_DATASTORE",
            "BURGEE_REPLICATION_GROUP",
            "BURGEE_CACHE_NAME",
            "BURGEE_HOSTED_ZONE",
            "BURGEE_PRIMARY_RECORD",
            "BURGEE_PULSE_FUNCTION",
            "BURGEE_FAILOVER_TOPIC",
            "BURGEE_CACHE_PROFILE",
            "BURGEE_REPLICATION_SECRET",
            "BURGEE_PULSE_MS");

    private static final int SHOWN_MAX = 40;

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
        variables.keySet().stream()
                .filter(name -> name.startsWith("BURGEE_") && !KNOWN.contains(name))
                .sorted()
                .forEach(name -> problem(name, "is not a variable that Burgee knows; is it misspelt?"));
    }

    /** The variables as they are, for adapters that look for their own. */
    public Map<String, String> variables() {
        return variables;
    }

    /** A text; empty when not set. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** A text that must be there; empty, and a problem, when not set. */
    public Optional<String> requiredText(String name) {
        return required(name, text(name));
    }

    /** A region; empty when not set, or not a region. */
    public Optional<Region> region(String name) {
        return text(name).map(code -> region(name, code));
    }

    /** A region that must be there. */
    public Optional<Region> requiredRegion(String name) {
        return text(name).isEmpty() ? required(name, Optional.empty()) : region(name);
    }

    /** Regions, separated by commas; empty when not set. */
    public List<Region> regions(String name) {
        List<Region> regions = new ArrayList<>();
        for (String code : list(name)) {
            Region region = region(name, code);
            if (region != null && regions.contains(region)) {
                problem(name, "names " + region + " twice");
            } else if (region != null) {
                regions.add(region);
            }
        }
        return regions;
    }

    /** Texts, separated by commas; empty when not set. */
    public List<String> list(String name) {
        return text(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** {@code true} or {@code false}; false when not set. */
    public boolean isTrue(String name) {
        String value = text(name).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            problem(name, "is " + shown(value) + ", but must be true or false");
        }
        return value.equals("true");
    }

    /** A whole number of milliseconds within limits; {@code usual} when not set. */
    public Duration millis(String name, Duration usual, Duration min, Duration max) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return usual;
        }
        // nine digits are over a day, and fit
        if (value.get().matches("[0-9]{1,9}")) {
            Duration given = Duration.ofMillis(Long.parseLong(value.get()));
            if (given.compareTo(min) >= 0 && given.compareTo(max) <= 0) {
                return given;
            }
        }
        problem(
                name,
                "is " + shown(value.get()) + ", but must be a whole number of milliseconds from " + min.toMillis()
                        + " to " + max.toMillis());
        return usual;
    }

    /** Notes what is wrong with a variable. */
    public void problem(String name, String problem) {
        problems.add(name + " " + problem);
    }

    /** Notes what is wrong elsewhere. */
    public void problems(List<String> more) {
        problems.addAll(more);
    }

    /**
     * Refuses to go on if anything was wrong.
     *
     * @param what whose settings they are
     * @throws MisconfiguredException with everything that was noted
     */
    public void check(String what) {
        if (!problems.isEmpty()) {
            throw new MisconfiguredException(what, problems.stream().distinct().toList());
        }
    }

    /** The names only: values may be secrets. */
    @Override
    public String toString() {
        return variables.keySet().stream().sorted().collect(Collectors.joining(", ", "Environment[", "]"));
    }

    /** A value as messages may show it: in quotes, on one line, not endless. Never for what may be a secret. */
    public static String shown(String value) {
        String head = value.length() > SHOWN_MAX ? value.substring(0, SHOWN_MAX) + "..." : value;
        return "\"" + head.replaceAll("[^ -~]", "?") + "\"";
    }

    private <T> Optional<T> required(String name, Optional<T> value) {
        if (value.isEmpty()) {
            problem(name, "is not set");
        }
        return value;
    }

    private @Nullable Region region(String name, String code) {
        try {
            return new Region(code);
        } catch (IllegalArgumentException _) {
            problem(name, "is " + shown(code) + ", but must be an AWS region code, for example eu-west-1");
            return null;
        }
    }
}
