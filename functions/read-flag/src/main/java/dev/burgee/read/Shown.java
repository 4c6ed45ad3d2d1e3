package dev.burgee.read;

import dev.burgee.cache.CacheHead;
import dev.burgee.flag.FlagKey;
import java.util.Map;

/**
 * What a cache showed.
 *
 * @param value without the flags behind markers
 * @param markers the invalidated flags among what was asked for, with the entry that invalidated each
 */
record Shown<T>(CacheHead head, T value, Map<FlagKey, Long> markers) {}
