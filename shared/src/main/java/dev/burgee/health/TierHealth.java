package dev.burgee.health;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether something answers.
 *
 * @param since since when it does, or does not, as far as pulses saw
 */
public record TierHealth(boolean up, Instant since) {
    /** What follows on an earlier finding; null: there was none. */
    public static TierHealth next(@Nullable TierHealth before, boolean up, Instant now) {
        return before != null && before.up == up ? before : new TierHealth(up, now);
    }
}
