package dev.burgee.hint;

import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the parameter says.
 *
 * @param region the home
 * @param epoch the number of promotions up to the one that named it; 1 or more
 * @param since when that was decided
 */
public record Hint(Region region, long epoch, Instant since) {
    public Hint {
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch is " + epoch + ", but must be 1 or more");
        }
    }

    /** {@code {"region","epoch","since"}}. */
    public String toJson() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("region", region.code());
        tree.put("epoch", epoch);
        tree.put("since", since.toString());
        return Json.write(tree);
    }

    /** Reads what {@link #toJson} wrote, members in any order and others ignored; empty for anything else. */
    static Optional<Hint> parse(String text) {
        try {
            if (Json.parse(text) instanceof Map<?, ?> tree
                    && tree.get("region") instanceof String region
                    && tree.get("epoch") instanceof Number epoch
                    && (epoch instanceof Integer || epoch instanceof Long)
                    && tree.get("since") instanceof String since) {
                return Optional.of(new Hint(new Region(region), epoch.longValue(), Instant.parse(since)));
            }
            return Optional.empty();
        } catch (MalformedJsonException | IllegalArgumentException | DateTimeException _) {
            return Optional.empty();
        }
    }
}
