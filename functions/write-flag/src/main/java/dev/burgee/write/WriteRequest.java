package dev.burgee.write;

import org.jspecify.annotations.Nullable;

/**
 * A command with who asks, and on what condition.
 *
 * @param actor the name of the caller's key
 * @param idempotencyKey as sent; null: a request that is never repeated
 * @param fingerprint of the whole request, to tell a repeat from another request under the same key
 */
record WriteRequest(
        Command command,
        Precondition precondition,
        String actor,
        @Nullable String idempotencyKey,
        String fingerprint) {}
