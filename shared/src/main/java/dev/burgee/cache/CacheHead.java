package dev.burgee.cache;

import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a cache says of itself.
 *
 * @param position the prefix that it holds; null: it holds nothing that may be believed
 * @param checked when somebody last confirmed that position to be the ledger's end; null: never
 * @param home the region that it was told is home; null: not told
 */
public record CacheHead(
        @Nullable Position position,
        @Nullable Instant checked,
        @Nullable Region home) {}
