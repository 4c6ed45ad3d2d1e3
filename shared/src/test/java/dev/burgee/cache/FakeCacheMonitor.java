package dev.burgee.cache;

import dev.burgee.flag.FlagKey;
import dev.burgee.health.CacheVitals;
import dev.burgee.region.Region;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is beside the flags of a {@link FakeFlagCache}; feeds others with a lag. Thread-safe. */
public final class FakeCacheMonitor implements CacheMonitor {
    /** What it counts until told otherwise. */
    public static final CacheVitals CALM = new CacheVitals("server-1", 10, 100, 3, 0, 90, 10, new TreeMap<>());

    private final FakeFlagCache cache;
    private final Time time;
    private final Map<FakeFlagCache, Duration> followers = new LinkedHashMap<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private Duration travel = Duration.ZERO;
    private CacheVitals vitals = CALM;
    private long loaderUntilNanos = Long.MIN_VALUE;

    private record Arrival(long atNanos, boolean beat, Region from, String value) {}

    FakeCacheMonitor(FakeFlagCache cache, Time time) {
        this.cache = cache;
        this.time = time;
    }

    /** What is written here from now on is visible there after so long. */
    public synchronized void feeds(FakeFlagCache follower, Duration lag) {
        followers.put(follower, lag);
    }

    /** Each heartbeat takes so long to get here, and its answer as long to get back. */
    public synchronized void travel(Duration oneWay) {
        travel = oneWay;
    }

    public synchronized void vitals(CacheVitals now) {
        vitals = now;
    }

    synchronized void clear() {
        arrivals.clear();
    }

    @Override
    public Beat beat(Region from, Instant at, Time clock) {
        cache.arrive();
        cache.mutate();
        Duration oneWay = travel();
        long sent = clock.nanos();
        clock.sleep(oneWay);
        spread(true, from, Long.toString(at.toEpochMilli()));
        clock.sleep(oneWay);
        return new Beat(sent, clock.nanos());
    }

    @Override
    public Map<Region, Instant> beats(Collection<Region> from) {
        cache.arrive();
        Map<Region, Instant> beats = new LinkedHashMap<>();
        visible(true, from).forEach((region, value) -> beats.put(region, Instant.ofEpochMilli(Long.parseLong(value))));
        return beats;
    }

    @Override
    public void post(Region from, String view) {
        cache.arrive();
        cache.mutate();
        spread(false, from, view);
    }

    @Override
    public Map<Region, String> posted(Collection<Region> from) {
        cache.arrive();
        return visible(false, from);
    }

    @Override
    public synchronized boolean claimLoad(Duration kept) {
        cache.arrive();
        cache.mutate();
        if (time.nanos() < loaderUntilNanos) {
            return false;
        }
        loaderUntilNanos = time.nanos() + kept.toNanos();
        return true;
    }

    @Override
    public List<FlagKey> someFlags(int count) {
        cache.arrive();
        return cache.keys().stream().limit(count).toList();
    }

    @Override
    public synchronized CacheVitals vitals() {
        cache.arrive();
        return vitals;
    }

    private synchronized Duration travel() {
        return travel;
    }

    private synchronized void spread(boolean beat, Region from, String value) {
        arrivals.add(new Arrival(time.nanos(), beat, from, value));
        followers.forEach((follower, lag) ->
                follower.monitor().receive(new Arrival(time.nanos() + lag.toNanos(), beat, from, value)));
    }

    private synchronized void receive(Arrival arrival) {
        arrivals.add(arrival);
    }

    private synchronized Map<Region, String> visible(boolean beat, Collection<Region> from) {
        Map<Region, String> visible = new LinkedHashMap<>();
        arrivals.stream()
                .filter(arrival ->
                        arrival.beat() == beat && arrival.atNanos() <= time.nanos() && from.contains(arrival.from()))
                .forEach(arrival -> visible.put(arrival.from(), arrival.value()));
        return visible;
    }
}
