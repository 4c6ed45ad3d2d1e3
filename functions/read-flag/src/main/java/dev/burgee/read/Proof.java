package dev.burgee.read;

import java.time.Instant;

/**
 * When a cache or the ledger was asked: the start of the freshness window, and of staleness.
 *
 * @param nanos by the monotonic clock
 * @param instant by the wall clock
 */
record Proof(long nanos, Instant instant) {}
