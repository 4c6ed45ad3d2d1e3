package dev.burgee.cache;

import dev.burgee.flag.FlagKey;
import java.util.Map;

/** All of a cache at one instant. */
public record CacheSnapshot(CacheHead head, Map<FlagKey, CachedFlag> flags) {}
