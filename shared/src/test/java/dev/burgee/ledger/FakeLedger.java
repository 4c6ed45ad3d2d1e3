package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A ledger in memory that can be down and can lose answers. Passes the same contract test as the adapter. Thread-safe. */
public final class FakeLedger implements Ledger {
    private static final int BATCH = 100;
    private static final Duration CLAIM_AGE_MAX = Duration.ofDays(1);

    private record Claimed(Position at, String fingerprint, Instant claimedAt) {}

    private final List<Entry> log = new ArrayList<>();
    private final Map<String, Claimed> claims = new HashMap<>();
    private final Map<Region, RegionView> views = new TreeMap<>(Comparator.comparing(Region::code));
    private int materialised;
    private int appends;
    private boolean down;
    private int reads;
    private boolean loseNextAnswer;
    private boolean refuseNext;

    /** From now on every call throws {@link LedgerUnavailableException}, or no longer. */
    public synchronized void down(boolean isDown) {
        down = isDown;
    }

    /** The next append takes the entry, if its number is free, but answers UNCLEAR. */
    public synchronized void loseNextAnswer() {
        loseNextAnswer = true;
    }

    /** The next append takes nothing and throws {@link LedgerUnavailableException}. */
    public synchronized void refuseNext() {
        refuseNext = true;
    }

    /** The whole log as it is now, whether down or not. */
    public synchronized List<Entry> log() {
        return List.copyOf(log);
    }

    /** How many appends were tried so far. */
    public synchronized int appends() {
        return appends;
    }

    @Override
    public synchronized Appended append(Entry entry, Deadline deadline) {
        appends++;
        check();
        if (refuseNext) {
            refuseNext = false;
            throw new LedgerUnavailableException("the fake ledger was told to refuse this append", null);
        }
        boolean lost = loseNextAnswer;
        loseNextAnswer = false;
        if (entry.number() <= log.size()) {
            return Appended.UNCLEAR;
        }
        if (entry.number() > log.size() + 1) {
            throw new IllegalStateException("entry " + entry.number() + " appended after entry " + log.size()
                    + ": a writer decided on a state that never was");
        }
        log.add(entry);
        return lost ? Appended.UNCLEAR : Appended.DONE;
    }

    @Override
    public synchronized List<Entry> entriesAfter(Position position, int limit, Deadline deadline) {
        reads++;
        check();
        return log.stream().skip(position.number()).limit(limit).toList();
    }

    @Override
    public synchronized FlagReading read(FlagKey key, Deadline deadline) {
        reads++;
        check();
        return new FlagReading(state().getOrDefault(key, FlagState.ABSENT), new Position(log.size()));
    }

    @Override
    public synchronized LedgerState readAll(Deadline deadline) {
        reads++;
        check();
        return new LedgerState(state(), new Position(log.size()), promotion());
    }

    @Override
    public synchronized List<Entry> history(FlagKey key, long before, int limit, Deadline deadline) {
        check();
        return log.reversed().stream()
                .filter(entry -> entry.number() < before)
                .filter(entry -> changesState(entry)
                        && entry.changes().stream()
                                .anyMatch(change -> change.key().equals(key)))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Claim claim(
            String operationId, String fingerprint, Position at, Instant now, Deadline deadline) {
        check();
        Claimed earlier = claims.get(operationId);
        if (earlier != null && earlier.claimedAt().isAfter(now.minus(CLAIM_AGE_MAX))) {
            return new Claim.Repeat(earlier.at(), earlier.fingerprint(), earlier.claimedAt());
        }
        claims.put(operationId, new Claimed(at, fingerprint, now));
        return new Claim.Fresh();
    }

    @Override
    public synchronized int materialise(Deadline deadline) {
        check();
        materialised = Math.min(log.size(), materialised + BATCH);
        return log.size() - materialised;
    }

    @Override
    public synchronized Position end(Deadline deadline) {
        reads++;
        check();
        return new Position(log.size());
    }

    @Override
    public synchronized Optional<Promotion> lastPromotion(Deadline deadline) {
        reads++;
        check();
        return Optional.ofNullable(promotion());
    }

    @Override
    public synchronized StateSample sample(List<FlagKey> flags, int more, Deadline deadline) {
        reads++;
        check();
        SortedMap<FlagKey, FlagState> all = stateAt(materialised);
        SortedMap<FlagKey, FlagState> some = new TreeMap<>();
        all.entrySet().stream()
                .filter(flag -> flags.isEmpty() || flag.getKey().compareTo(flags.getFirst()) > 0)
                .limit(more)
                .forEach(flag -> some.put(flag.getKey(), flag.getValue()));
        flags.forEach(flag -> some.put(flag, all.getOrDefault(flag, FlagState.ABSENT)));
        return new StateSample(new Position(materialised), some);
    }

    @Override
    public synchronized void leave(RegionView view, Deadline deadline) {
        check();
        views.merge(view.region(), view, (old, now) -> now.at().isAfter(old.at()) ? now : old);
    }

    @Override
    public synchronized List<RegionView> views(Deadline deadline) {
        check();
        return List.copyOf(views.values());
    }

    /** How many calls came in that only read, views left out. */
    public synchronized int reads() {
        return reads;
    }

    private void check() {
        if (down) {
            throw new LedgerUnavailableException("the fake ledger is down", null);
        }
    }

    private SortedMap<FlagKey, FlagState> state() {
        return stateAt(log.size());
    }

    private SortedMap<FlagKey, FlagState> stateAt(int entries) {
        var state = new TreeMap<FlagKey, FlagState>();
        log.stream()
                .limit(entries)
                .filter(FakeLedger::changesState)
                .flatMap(entry -> entry.changes().stream())
                .forEach(change -> state.put(change.key(), change.after()));
        return state;
    }

    private @Nullable Promotion promotion() {
        @Nullable Promotion last = null;
        for (Entry entry : log) {
            last = Promotion.after(entry, last);
        }
        return last;
    }

    private static boolean changesState(Entry entry) {
        return switch (entry.kind()) {
            case PUT, DELETE, IMPORT -> true;
            case INVALIDATE, PROMOTION -> false;
        };
    }
}
