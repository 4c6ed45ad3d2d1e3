package dev.burgee.pulse;

import dev.burgee.failure.InvalidRequestException;
import dev.burgee.failure.Violation;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import dev.burgee.settings.Environment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the function's event. An object without {@code action} is a plain pulse, whatever else it says: schedulers send what
 * they like. With one, every member is checked, and one that is not known is refused: a misspelt {@code dryRun} would be no
 * dry run.
 */
final class PulseRequests {
    /** What Lambda lets an asynchronous event have. */
    static final int BYTES_MAX = 1024 * 1024;

    private static final int SHOWN_MAX = 40;
    private static final int MEMBERS_MAX = 32;
    private static final long LAG_MAX_MS = Duration.ofDays(1).toMillis();
    private static final Duration LAG_USUAL = Duration.ofSeconds(5);

    private final Region here;

    PulseRequests(Region here) {
        this.here = here;
    }

    /**
     * Reads an event, of which the caller took in one byte more than {@link #BYTES_MAX} at most.
     *
     * @throws InvalidRequestException naming each member that is wrong, its value and the rule
     */
    PulseRequest read(byte[] event) {
        if (event.length > BYTES_MAX) {
            throw new InvalidRequestException("event", "is larger than " + BYTES_MAX + " bytes");
        }
        @Nullable Object tree;
        try {
            tree = Json.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(event))
                    .toString());
        } catch (CharacterCodingException _) {
            throw new InvalidRequestException("event", "is not UTF-8");
        } catch (MalformedJsonException e) {
            throw new InvalidRequestException("event", String.valueOf(e.getMessage()));
        }
        if (!(tree instanceof Map<?, ?> members)) {
            throw new InvalidRequestException("event", "is " + shown(tree) + ", but must be a JSON object");
        }
        if (!members.containsKey("action")) {
            return new PulseRequest.Plain();
        }
        return new Reader(members).read();
    }

    private final class Reader {
        private final Map<?, ?> members;
        private final List<Violation> violations = new ArrayList<>();

        Reader(Map<?, ?> members) {
            this.members = members;
        }

        PulseRequest read() {
            Object action = members.get("action");
            PulseRequest request = switch (action instanceof String text ? text : "") {
                case "wake" -> wake();
                case "promote" -> promote();
                case "status" -> {
                    only(Set.of("action"));
                    yield new PulseRequest.Status();
                }
                default -> {
                    wrong("action", "must be one of promote, status, wake; an event without it is a plain pulse");
                    yield new PulseRequest.Plain();
                }
            };
            if (!violations.isEmpty()) {
                String message = violations.stream()
                        .map(violation -> violation.pointer() + " " + violation.message())
                        .collect(Collectors.joining("; "));
                throw new InvalidRequestException("event: " + message, violations);
            }
            return request;
        }

        private PulseRequest wake() {
            only(Set.of("action", "controlPlane", "members"));
            for (PulseRequest.ControlPlane says : PulseRequest.ControlPlane.values()) {
                if (says.text().equals(members.get("controlPlane"))) {
                    return new PulseRequest.Wake(says, members(says));
                }
            }
            wrong("controlPlane", "must be one of primary, secondary, unknown");
            return new PulseRequest.Wake(PulseRequest.ControlPlane.UNKNOWN, Set.of());
        }

        private Set<Region> members(PulseRequest.ControlPlane says) {
            Object value = members.get("members");
            if (value == null && says != PulseRequest.ControlPlane.PRIMARY) {
                return Set.of();
            }
            Set<Region> regions = new HashSet<>();
            if (value instanceof List<?> codes && codes.size() <= MEMBERS_MAX) {
                for (@Nullable Object code : codes) {
                    region(code).ifPresent(regions::add);
                }
                if (regions.size() == codes.size() && regions.contains(here)) {
                    return regions;
                }
            }
            wrong("members", "must be the regions of the datastore, " + here + " among them");
            return Set.of();
        }

        private static Optional<Region> region(@Nullable Object code) {
            try {
                return code instanceof String text ? Optional.of(new Region(text)) : Optional.empty();
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }

        private PulseRequest promote() {
            only(Set.of("action", "region", "actor", "force", "dryRun", "lagMaxMs"));
            if (!here.code().equals(members.get("region"))) {
                wrong("region", "must be " + here + ", the region that this function looks after");
            }
            String actor = members.get("actor") instanceof String text ? text : "";
            if (!actor.matches("[ -~]{1,64}")) {
                wrong("actor", "must be 1 to 64 printable ASCII characters");
            }
            return new PulseRequest.Promote(here, actor, isTrue("force"), isTrue("dryRun"), lagMax());
        }

        private Duration lagMax() {
            Object value = members.get("lagMaxMs");
            if (value == null) {
                return LAG_USUAL;
            }
            if ((value instanceof Integer || value instanceof Long)
                    && value instanceof Number number
                    && number.longValue() >= 0
                    && number.longValue() <= LAG_MAX_MS) {
                return Duration.ofMillis(number.longValue());
            }
            wrong("lagMaxMs", "must be a whole number from 0 to " + LAG_MAX_MS);
            return LAG_USUAL;
        }

        private boolean isTrue(String name) {
            Object value = members.get(name);
            if (value != null && !(value instanceof Boolean)) {
                wrong(name, "must be true or false");
            }
            return Boolean.TRUE.equals(value);
        }

        private void only(Set<String> known) {
            for (Object name : members.keySet()) {
                if (!known.contains(String.valueOf(name))) {
                    violations.add(new Violation(
                            shown(name), "is not a member of this action, which has " + new TreeSet<>(known)));
                }
            }
        }

        private void wrong(String name, String rule) {
            violations.add(new Violation(
                    name,
                    (members.containsKey(name) ? "is " + shown(members.get(name)) : "is missing") + ", but " + rule));
        }
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> Environment.shown(text);
            case Boolean truth -> truth.toString();
            case Number number -> {
                String text = number.toString();
                yield text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
            }
            case List<?> _ -> "a list";
            case Map<?, ?> _ -> "an object";
            default -> "something else";
        };
    }
}
