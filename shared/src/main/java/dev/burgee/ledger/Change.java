package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;

/**
 * What one entry did to one flag.
 *
 * @param after the flag after the entry: {@link FlagState.Live} or {@link FlagState.Deleted} with the entry's number as
 *     version; for an invalidation the flag as it was and stays
 * @param created whether the flag did not exist just before
 */
public record Change(FlagKey key, FlagState after, boolean created) {}
