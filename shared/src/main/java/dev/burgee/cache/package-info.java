/**
 * A region's cache as a copy of a prefix of the ledger: one hash, one bounded list, five scripts. The port is {@link
 * dev.burgee.cache.FlagCache}; {@code RedisFlagCache} is its adapter over Jedis. Not here: which cache to ask and when to
 * believe it (read-flag), which one is writable ({@code primary}). Why a prefix: docs/adr/0002-cache-as-a-prefix.md.
 */
@NullMarked
package dev.burgee.cache;

import org.jspecify.annotations.NullMarked;
