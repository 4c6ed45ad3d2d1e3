package dev.burgee.cache;

import dev.burgee.flag.FlagKey;
import java.util.Map;
import java.util.Set;

/**
 * What a cache can tell a reader that is at some position already.
 *
 * @param contiguous whether {@code changed} surely names every flag that changed between the reader's position and the
 *     cache's; when false the reader's copies prove nothing any more
 * @param changed the flags that entries after the reader's position touched
 * @param values the present fields of the first of these (see {@link FlagCache#VALUES_MAX}); the others must be read
 */
public record CacheNews(CacheHead head, boolean contiguous, Set<FlagKey> changed, Map<FlagKey, CachedFlag> values) {}
