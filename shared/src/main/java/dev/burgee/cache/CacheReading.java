package dev.burgee.cache;

/** One flag as one cache shows it, with the cache's head at the same instant. */
public record CacheReading(CacheHead head, CachedFlag flag) {}
