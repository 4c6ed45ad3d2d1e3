package dev.burgee.read;

import dev.burgee.cache.CacheNews;
import dev.burgee.cache.CachedFlag;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Position;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a warm function keeps: single flags and, once a list was asked for, all of them, with the position up to which a
 * cache has vouched for them.
 *
 * <p>It never goes back. A cache that shows less than memory's position proves nothing. Copies that lost their proof (the
 * cache's list of recent entries no longer reaches back) stay as last known ones and are never served as current. A copy
 * that came with a later position of its own (from the ledger, or from a cache that was ahead) keeps it.
 *
 * <p>Thread-safe: one lock, never held across a network call.
 */
final class FlagMemory {
    /** Single flags kept, of at most 64 KiB each; beyond it the longest unused one goes. */
    static final int SINGLES_MAX = 4_096;

    /** A copy, and whether a cache has vouched for it up to memory's position. */
    private record Held<T>(Copy<T> copy, boolean proven) {}

    private final Map<FlagKey, Held<FlagState>> singles = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FlagKey, Held<FlagState>> eldest) {
            return size() > SINGLES_MAX;
        }
    };
    private final boolean keeps;
    private @Nullable Held<Snapshot> all;
    /** The invalidated flags: what {@link #all} has for them is no value. */
    private Map<FlagKey, Long> markers = Map.of();
    /** The last list without invalidated flags, while {@link #all} has some: what is last known of all. */
    private @Nullable Copy<Snapshot> whole;

    private Position position = Position.START;
    private @Nullable Proof proof;
    private Position answered = Position.START;

    FlagMemory() {
        this(true);
    }

    private FlagMemory(boolean keeps) {
        this.keeps = keeps;
    }

    /**
     * One that keeps no copy, only the position that was answered with: what every read promises must hold without copies
     * too, and tests play it both ways.
     */
    static FlagMemory withoutCopies() {
        return new FlagMemory(false);
    }

    /** The position up to which a cache has vouched for the proven copies. */
    synchronized Position position() {
        return position;
    }

    /** The highest position that was answered with: no later answer should show less. */
    synchronized Position floor() {
        return answered;
    }

    synchronized void answered(Position shown) {
        answered = Position.max(answered, shown);
    }

    synchronized Optional<Copy<FlagState>> proven(FlagKey key) {
        Held<FlagState> single = singles.get(key);
        if (single != null && single.proven()) {
            return Optional.of(stamped(single));
        }
        Held<Snapshot> list = all;
        return list != null && list.proven() && !markers.containsKey(key)
                ? Optional.of(single(stamped(list), key))
                : Optional.empty();
    }

    synchronized Optional<Copy<Snapshot>> provenAll() {
        Held<Snapshot> list = all;
        return list != null && list.proven() && markers.isEmpty() ? Optional.of(stamped(list)) : Optional.empty();
    }

    /** The copy with the latest position, vouched for or not. */
    synchronized Optional<Copy<FlagState>> lastKnown(FlagKey key) {
        Held<FlagState> own = singles.get(key);
        Held<Snapshot> list = all;
        Optional<Copy<FlagState>> single = own == null ? Optional.empty() : Optional.of(stamped(own));
        Optional<Copy<Snapshot>> listed =
                list == null || markers.containsKey(key) ? Optional.ofNullable(whole) : Optional.of(stamped(list));
        return Stream.concat(single.stream(), listed.map(copy -> single(copy, key)).stream())
                .max(Comparator.comparing(Copy::position));
    }

    /** The last list that had a value for every flag. */
    synchronized Optional<Copy<Snapshot>> lastKnownAll() {
        return markers.isEmpty() ? Optional.ofNullable(all).map(this::stamped) : Optional.ofNullable(whole);
    }

    /** Takes what a cache showed of one flag, unless memory has it at a later position. */
    synchronized void put(FlagKey key, Copy<FlagState> copy, Proof asked) {
        if (!keeps) {
            return;
        }
        if (singles.isEmpty() && all == null) {
            position = Position.max(position, copy.position());
        }
        if (copy.position().equals(position)) {
            proof = asked;
        }
        putOwn(key, copy);
    }

    /** Takes what the ledger said of one flag: it keeps its own position, whatever the caches show. */
    synchronized void putOwn(FlagKey key, Copy<FlagState> copy) {
        if (!keeps) {
            return;
        }
        Held<FlagState> held = singles.get(key);
        if (held == null || copy.position().isAtLeast(stamped(held).position())) {
            singles.put(key, new Held<>(copy, copy.position().isAtLeast(position)));
        }
    }

    /**
     * Takes a whole list, unless memory is further on already.
     *
     * @param waiting invalidated flags, which the list has no value for
     */
    synchronized void putAll(Copy<Snapshot> copy, Map<FlagKey, Long> waiting, Proof asked) {
        if (!keeps || !copy.position().isAtLeast(position)) {
            return;
        }
        singles.entrySet()
                .removeIf(single -> !waiting.containsKey(single.getKey())
                        && copy.position().isAtLeast(stamped(single.getValue()).position()));
        singles.replaceAll((key, held) ->
                waiting.containsKey(key) && !held.copy().position().isAtLeast(copy.position()) ? unproven(held) : held);
        keepWhole(waiting);
        all = new Held<>(copy, true);
        markers = Map.copyOf(waiting);
        position = copy.position();
        proof = asked;
    }

    /** Takes what a cache says happened since {@code from}; without effect when memory has moved on meanwhile. */
    synchronized void hear(CacheNews news, Position from, Proof asked) {
        Position shown = news.head().position();
        if (shown == null || !from.equals(position) || !shown.isAtLeast(position)) {
            return;
        }
        if (!shown.equals(position)) {
            if (news.contiguous()) {
                news.changed().forEach(key -> hear(key, news.values().get(key), shown, asked));
                hearAll(news, shown, asked);
            } else {
                singles.replaceAll((_, held) -> held.copy().position().isAtLeast(shown) ? held : unproven(held));
                all = all == null ? null : unproven(all);
            }
        }
        position = shown;
        proof = asked;
    }

    private void hear(FlagKey key, @Nullable CachedFlag value, Position shown, Proof asked) {
        Held<FlagState> held = singles.get(key);
        if (held == null || held.copy().position().isAtLeast(shown)) {
            return;
        }
        singles.put(
                key,
                value instanceof CachedFlag.Present(FlagState state)
                        ? new Held<>(new Copy<>(state, shown, asked), true)
                        : unproven(held));
    }

    private void hearAll(CacheNews news, Position shown, Proof asked) {
        Held<Snapshot> list = all;
        if (list == null || !list.proven()) {
            return;
        }
        SortedMap<FlagKey, FlagState> changed = new TreeMap<>();
        Map<FlagKey, Long> waiting = new HashMap<>(markers);
        for (FlagKey key : news.changed()) {
            switch (news.values().get(key)) {
                case CachedFlag.Present(FlagState state) -> {
                    changed.put(key, state);
                    waiting.remove(key);
                }
                case CachedFlag.Marker(long entry) -> waiting.put(key, entry);
                case CachedFlag.Missing _ -> changed.put(key, FlagState.ABSENT);
                case null -> {
                    all = unproven(list);
                    return;
                }
            }
        }
        Snapshot snapshot =
                changed.isEmpty() ? list.copy().value() : list.copy().value().with(changed);
        keepWhole(waiting);
        all = new Held<>(new Copy<>(snapshot, shown, asked), true);
        markers = Map.copyOf(waiting);
    }

    /** Before a list takes the place of {@link #all}. */
    private void keepWhole(Map<FlagKey, Long> waiting) {
        if (waiting.isEmpty()) {
            whole = null;
        } else if (markers.isEmpty() && all != null) {
            whole = stamped(all);
        }
    }

    /** What memory vouched for until now stays known as of now, and no further. */
    private <T> Held<T> unproven(Held<T> held) {
        return held.proven() ? new Held<>(stamped(held), false) : held;
    }

    private <T> Copy<T> stamped(Held<T> held) {
        return held.proven() && proof != null ? held.copy().at(position, proof) : held.copy();
    }

    private static Copy<FlagState> single(Copy<Snapshot> list, FlagKey key) {
        FlagState state = list.value().flags().getOrDefault(key, FlagState.ABSENT);
        return new Copy<>(state, list.position(), list.known());
    }
}
