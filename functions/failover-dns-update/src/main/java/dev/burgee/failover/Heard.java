package dev.burgee.failover;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one invocation said. Immutable.
 *
 * @param promotions records that announce a promotion of this region's own group; how many does not matter
 * @param schedule whether it was the schedule, or an invocation without any event
 * @param ignored everything else, counted
 */
record Heard(int promotions, boolean schedule, Map<Why, Integer> ignored) {
    Heard {
        Map<Why, Integer> copy = new EnumMap<>(Why.class);
        copy.putAll(ignored);
        ignored = Collections.unmodifiableMap(copy);
    }

    /** Empty when nothing that was said is a reason to look. One run answers all records. */
    Optional<Trigger> trigger() {
        if (promotions > 0) {
            return Optional.of(Trigger.EVENT);
        }
        return schedule ? Optional.of(Trigger.SCHEDULE) : Optional.empty();
    }
}
