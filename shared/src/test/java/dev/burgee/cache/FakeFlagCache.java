package dev.burgee.cache;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A cache in memory that passes {@link FlagCacheContract}, with switches for what goes wrong. Thread-safe; a delay is spent
 * before the call takes effect, and holds nobody else up.
 */
public final class FakeFlagCache implements FlagCache {
    private final Region region;
    private final Time time;

    private volatile boolean down;
    private volatile boolean readOnly;
    private volatile boolean denied;
    private volatile Duration delay = Duration.ZERO;
    private volatile CountDownLatch hangEnd = new CountDownLatch(0);
    private volatile int calls;

    private final FakeCacheMonitor monitor;

    private Map<FlagKey, CachedFlag> flags = new TreeMap<>();
    private List<Recent> recent = new ArrayList<>();
    private @Nullable Position position;
    private @Nullable Instant checked;
    private @Nullable Region home;

    private record Recent(long number, List<FlagKey> keys, boolean all) {}

    /** All that a server would lose or get back together. */
    public record Contents(
            Map<FlagKey, CachedFlag> flags,
            @Nullable Position position,
            @Nullable Instant checked,
            @Nullable Region home) {}

    public FakeFlagCache(Region region, Time time) {
        this.region = region;
        this.time = time;
        this.monitor = new FakeCacheMonitor(this, time);
    }

    /** While on, every call fails as at a server that is gone. */
    public void down(boolean on) {
        down = on;
    }

    /** While on, every call that would change something fails as at a replica. */
    public void readOnly(boolean on) {
        readOnly = on;
    }

    /** While on, every call fails as with a wrong password. */
    public void denied(boolean on) {
        denied = on;
    }

    /** Every call takes so long from now on. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Every call waits for this from now on, 10 s at most. */
    public void hangUntil(CountDownLatch end) {
        hangEnd = end;
    }

    /** How many calls came in so far, failed ones included. */
    public int calls() {
        return calls;
    }

    /** Loses everything. */
    public synchronized void flush() {
        restore(new Contents(Map.of(), null, null, null));
        recent = new ArrayList<>();
        monitor.clear();
    }

    /** Loses the recent list only. */
    public synchronized void loseRecent() {
        recent = new ArrayList<>();
    }

    /** Puts another value in a flag's field, as nothing in the world should. */
    public synchronized void corrupt(FlagKey key, CachedFlag value) {
        flags.put(key, value);
    }

    public synchronized Contents contents() {
        return new Contents(Map.copyOf(flags), position, checked, home);
    }

    /** Goes back to earlier contents, as a replica does that lacked the tail; the recent list stays as it is. */
    public synchronized void restore(Contents earlier) {
        flags = new TreeMap<>(earlier.flags());
        position = earlier.position();
        checked = earlier.checked();
        home = earlier.home();
    }

    /** Makes this cache what a replica of another is once it has caught up, the list included. */
    public synchronized void copyOf(FakeFlagCache other) {
        restore(other.contents());
        recent = other.recentCopy();
    }

    private synchronized List<Recent> recentCopy() {
        return new ArrayList<>(recent);
    }

    @Override
    public Region region() {
        return region;
    }

    @Override
    public FakeCacheMonitor monitor() {
        return monitor;
    }

    @Override
    public CacheHead head() {
        arrive();
        synchronized (this) {
            return currentHead();
        }
    }

    @Override
    public CacheStanding standing() {
        arrive();
        synchronized (this) {
            return new CacheStanding(!readOnly, currentHead());
        }
    }

    @Override
    public CacheReading read(FlagKey key) {
        CacheSnapshot snapshot = read(List.of(key));
        return new CacheReading(snapshot.head(), snapshot.flags().getOrDefault(key, CachedFlag.MISSING));
    }

    @Override
    public CacheSnapshot read(List<FlagKey> keys) {
        arrive();
        synchronized (this) {
            Map<FlagKey, CachedFlag> found = new HashMap<>();
            keys.forEach(key -> found.put(
                    key, position == null ? CachedFlag.MISSING : flags.getOrDefault(key, CachedFlag.MISSING)));
            return new CacheSnapshot(currentHead(), found);
        }
    }

    @Override
    public CacheSnapshot readAll() {
        arrive();
        synchronized (this) {
            return new CacheSnapshot(currentHead(), position == null ? Map.of() : Map.copyOf(flags));
        }
    }

    @Override
    public CacheNews newsSince(Position from) {
        arrive();
        synchronized (this) {
            CacheHead head = currentHead();
            Position at = position;
            if (at == null || at.number() < from.number()) {
                return new CacheNews(head, false, Set.of(), Map.of());
            }
            long count = at.number() - from.number();
            if (count > recent.size()) {
                return new CacheNews(head, false, Set.of(), Map.of());
            }
            Set<FlagKey> changed = new LinkedHashSet<>();
            long next = from.number() + 1;
            for (Recent item : recent.subList(recent.size() - Math.toIntExact(count), recent.size())) {
                if (item.number() != next || item.all()) {
                    return new CacheNews(head, false, Set.of(), Map.of());
                }
                changed.addAll(item.keys());
                next++;
            }
            if (changed.size() > RedisFlagCache.NAMED_MAX) {
                return new CacheNews(head, false, Set.of(), Map.of());
            }
            Map<FlagKey, CachedFlag> values = new HashMap<>();
            changed.stream()
                    .limit(VALUES_MAX)
                    .filter(flags::containsKey)
                    .forEach(key -> values.put(key, flags.get(key)));
            return new CacheNews(head, true, changed, values);
        }
    }

    @Override
    public Applied apply(List<Entry> entries, @Nullable Instant before) {
        EntryBatch.checkRising(entries);
        arrive();
        synchronized (this) {
            for (Entry entry : entries) {
                Position at = position;
                if (at == null) {
                    return new Applied.Empty();
                }
                if (entry.number() > at.number() + 1) {
                    return new Applied.Gap(at);
                }
                if (entry.number() == at.number() + 1) {
                    mutate();
                    store(entry);
                }
            }
            Position at = position;
            if (at == null) {
                return new Applied.Empty();
            }
            if (before != null && (checked == null || checked.isBefore(before))) {
                mutate();
                checked = before;
            }
            return new Applied.Reached(at);
        }
    }

    private void store(Entry entry) {
        for (Change change : entry.changes()) {
            flags.put(
                    change.key(),
                    entry.kind() == Entry.Kind.INVALIDATE
                            ? new CachedFlag.Marker(entry.number())
                            : new CachedFlag.Present(change.after()));
        }
        if (entry.home() != null) {
            home = entry.home();
        }
        position = entry.position();
        recent.add(new Recent(
                entry.number(),
                entry.changes().stream().map(Change::key).toList(),
                entry.changes().size() > EntryBatch.NAMED_FLAGS_MAX));
        if (recent.size() > RedisFlagCache.RECENT_MAX) {
            recent.removeFirst();
        }
    }

    @Override
    public void confirm(Position end, Instant before) {
        arrive();
        synchronized (this) {
            boolean reached = position != null && position.isAtLeast(end);
            if (reached && (checked == null || checked.isBefore(before))) {
                mutate();
                checked = before;
            }
        }
    }

    @Override
    public boolean fill(FlagKey key, long markerEntry, FlagState state) {
        arrive();
        synchronized (this) {
            if (position == null
                    || state.version() > position.number()
                    || !new CachedFlag.Marker(markerEntry).equals(flags.get(key))) {
                return false;
            }
            mutate();
            if (state instanceof FlagState.Absent) {
                flags.remove(key);
            } else {
                flags.put(key, new CachedFlag.Present(state));
            }
            return true;
        }
    }

    @Override
    public boolean load(LedgerState state, Instant before, @Nullable Region knownHome) {
        arrive();
        synchronized (this) {
            mutate();
            if (position != null && position.isAtLeast(state.position())) {
                return false;
            }
            flags = new TreeMap<>();
            state.flags().forEach((key, value) -> {
                if (!(value instanceof FlagState.Absent)) {
                    flags.put(key, new CachedFlag.Present(value));
                }
            });
            recent = new ArrayList<>();
            position = state.position();
            checked = before;
            home = state.home() == null ? knownHome : state.home();
            return true;
        }
    }

    private CacheHead currentHead() {
        return position == null ? new CacheHead(null, null, null) : new CacheHead(position, checked, home);
    }

    synchronized List<FlagKey> keys() {
        return List.copyOf(flags.keySet());
    }

    void arrive() {
        synchronized (this) {
            calls++;
        }
        if (!delay.isZero()) {
            time.sleep(delay);
        }
        try {
            hangEnd.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (down) {
            throw new CacheUnavailableException("cache in " + region + " gave no useful answer: it is down", null);
        }
        if (denied) {
            throw new CacheDeniedException(
                    "cache in " + region + " does not accept our user name and password", new IllegalStateException());
        }
    }

    void mutate() {
        if (readOnly) {
            throw new CacheReadOnlyException(
                    "cache in " + region + " is a replica and refuses writes", new IllegalStateException());
        }
    }
}
