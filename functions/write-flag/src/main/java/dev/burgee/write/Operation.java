package dev.burgee.write;

import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request's identity in the log: its entry carries the id, so that it is found again whatever the append's answer was.
 *
 * @param since an entry of this operation can only be after this position; null: after the position first decided on
 * @param claimedAt when an earlier try claimed the idempotency key; null for a first try
 */
record Operation(
        String id, @Nullable Position since, @Nullable Instant claimedAt) {
    boolean isRepeat() {
        return claimedAt != null;
    }

    Optional<Entry> findIn(List<Entry> entries) {
        return entries.stream().filter(entry -> entry.operationId().equals(id)).findFirst();
    }
}
