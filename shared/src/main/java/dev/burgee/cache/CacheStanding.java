package dev.burgee.cache;

/**
 * Where a cache stands among the others.
 *
 * @param writable whether it took a write: the only proof of being the home's cache that holds on every service
 * @param head what it says of itself, at the same time
 */
public record CacheStanding(boolean writable, CacheHead head) {}
