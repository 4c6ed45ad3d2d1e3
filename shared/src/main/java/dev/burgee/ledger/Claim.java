package dev.burgee.ledger;

import java.time.Instant;

/** What is known of an idempotency key. */
public sealed interface Claim {
    /** Nobody used the key before: the claim is ours. */
    record Fresh() implements Claim {}

    /**
     * An earlier try claimed it.
     *
     * @param at an entry of that operation can only be after this position
     * @param fingerprint of the request that claimed it
     */
    record Repeat(Position at, String fingerprint, Instant claimedAt) implements Claim {}
}
