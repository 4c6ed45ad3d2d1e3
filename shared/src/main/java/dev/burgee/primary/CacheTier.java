package dev.burgee.primary;

import dev.burgee.cache.CacheDeniedException;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.region.Region;
import dev.burgee.tier.Breaker;
import dev.burgee.tier.NotAskedException;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A tier of caches: this region's, or the home's, wherever that is. Each is asked only while its region's breaker lets it
 * (a new home does not inherit the old one's), and once more after a new password. Thread-safe.
 */
public final class CacheTier {
    private final Caches caches;
    private final Map<Region, Breaker> breakers = new ConcurrentHashMap<>();
    private final Duration needed;
    private final Time time;
    private final DoubleConsumer latencyMs;
    private final Consumer<CacheUnavailableException> onFailure;

    /**
     * Makes a tier.
     *
     * @param needed the time that one question may take: with less than that left the tier is skipped
     */
    public CacheTier(
            Caches caches,
            Duration needed,
            Time time,
            DoubleConsumer latencyMs,
            Consumer<CacheUnavailableException> onFailure) {
        this.caches = caches;
        this.needed = needed;
        this.time = time;
        this.latencyMs = latencyMs;
        this.onFailure = onFailure;
    }

    /** The breaker of a region's cache. */
    public Breaker breaker(Region region) {
        return breakers.computeIfAbsent(region, _ -> new Breaker(time));
    }

    /** Asks the cache; empty when it is not to be asked, or did not answer. */
    public <T> Optional<T> ask(Supplier<FlagCache> cache, Function<FlagCache, T> question, Deadline deadline) {
        try {
            return Optional.of(call(cache, question, deadline));
        } catch (CacheUnavailableException | NotAskedException e) {
            return Optional.empty();
        }
    }

    /**
     * Asks the cache, for callers that want to know why it did not answer.
     *
     * @throws CacheUnavailableException when it did not answer
     * @throws NotAskedException when its breaker is open, or too little time is left
     */
    public <T> T call(Supplier<FlagCache> cache, Function<FlagCache, T> question, Deadline deadline) {
        FlagCache first = cache.get();
        Breaker breaker = breaker(first.region());
        if (!deadline.fits(needed) || !breaker.tryAcquire()) {
            throw new NotAskedException("the cache was not asked: it failed lately, or too little time is left");
        }
        try {
            T answer = askedTwiceIfDenied(first, cache, question, deadline);
            breaker.success();
            return answer;
        } catch (CacheUnavailableException e) {
            breaker.failure();
            onFailure.accept(e);
            throw e;
        } catch (RuntimeException e) {
            // not the cache's fault; the permit must go back
            breaker.success();
            throw e;
        }
    }

    private <T> T askedTwiceIfDenied(
            FlagCache first, Supplier<FlagCache> cache, Function<FlagCache, T> question, Deadline deadline) {
        try {
            return timed(first, question);
        } catch (CacheDeniedException e) {
            if (!caches.renew(deadline)) {
                throw e;
            }
            return timed(cache.get(), question);
        }
    }

    private <T> T timed(FlagCache cache, Function<FlagCache, T> question) {
        long start = time.nanos();
        try {
            return question.apply(cache);
        } finally {
            latencyMs.accept((time.nanos() - start) / 1e6);
        }
    }
}
