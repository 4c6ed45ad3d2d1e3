package dev.burgee.read;

import dev.burgee.ledger.Position;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a read gives back.
 *
 * @param position the ledger position that the value reflects
 * @param stale how old it is known to be, when that is older than promised; else null
 */
record Answer<T>(
        T value, Position position, Source source, @Nullable Duration stale) {}
