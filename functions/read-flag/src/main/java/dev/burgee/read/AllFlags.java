package dev.burgee.read;

import dev.burgee.cache.CacheSnapshot;
import dev.burgee.cache.CachedFlag;
import dev.burgee.cache.FlagCache;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.FlagReading;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Position;
import dev.burgee.tier.Race;
import dev.burgee.time.Deadline;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All flags as the subject of a read. */
record AllFlags(FlagMemory memory, Ledger ledger) implements Subject<Snapshot> {
    /** With more invalidated flags than this the whole state is read: one query of the ledger holds about 1,000 flags. */
    static final int MARKERS_MAX = 8;

    /** 10,000 flags are four pages of the ledger, each a crossing of up to 220 ms, after two tiers that failed. */
    @Override
    public int patience() {
        return 3;
    }

    @Override
    public boolean isSmall() {
        return false;
    }

    @Override
    public Optional<Copy<Snapshot>> proven() {
        return memory.provenAll();
    }

    @Override
    public Optional<Copy<Snapshot>> lastKnown() {
        return memory.lastKnownAll();
    }

    @Override
    public Shown<Snapshot> ask(FlagCache cache) {
        CacheSnapshot shown = cache.readAll();
        SortedMap<FlagKey, FlagState> flags = new TreeMap<>();
        Map<FlagKey, Long> markers = new HashMap<>();
        shown.flags().forEach((key, value) -> {
            switch (value) {
                case CachedFlag.Present(FlagState state) -> flags.put(key, state);
                case CachedFlag.Marker(long entry) -> markers.put(key, entry);
                case CachedFlag.Missing _ -> {}
            }
        });
        return new Shown<>(shown.head(), new Snapshot(flags), markers);
    }

    @Override
    public void remember(Shown<Snapshot> shown, Position position, Proof asked) {
        memory.putAll(new Copy<>(shown.value(), position, asked), shown.markers(), asked);
    }

    @Override
    public Resolved<Snapshot> askLedger(@Nullable Shown<Snapshot> shown, Proof asked, Deadline deadline) {
        if (shown != null && !shown.markers().isEmpty() && shown.markers().size() <= MARKERS_MAX) {
            Optional<Resolved<Snapshot>> filled = fillIn(shown, asked, deadline);
            if (filled.isPresent()) {
                return filled.get();
            }
        }
        LedgerState state = ledger.readAll(deadline);
        Copy<Snapshot> copy = new Copy<>(new Snapshot(new TreeMap<>(state.flags())), state.position(), asked);
        memory.putAll(copy, Map.of(), asked);
        Map<FlagKey, FlagState> fills = new HashMap<>(state.flags());
        fills.keySet()
                .retainAll(shown == null ? Map.of().keySet() : shown.markers().keySet());
        return new Resolved<>(copy, fills);
    }

    /** Asks for the few invalidated flags only, side by side; empty when one of them has changed since the list's position. */
    private Optional<Resolved<Snapshot>> fillIn(Shown<Snapshot> shown, Proof asked, Deadline deadline) {
        Position position = shown.head().position();
        if (position == null) {
            return Optional.empty();
        }
        var race = new Race<Map.Entry<FlagKey, FlagReading>>();
        shown.markers()
                .keySet()
                .forEach(key -> race.enter("ask-ledger", () -> Map.entry(key, ledger.read(key, deadline))));
        SortedMap<FlagKey, FlagState> behind = new TreeMap<>();
        while (race.isOn()) {
            Map.Entry<FlagKey, FlagReading> read = race.next(deadline.remaining())
                    .orElseThrow(() -> new LedgerUnavailableException(
                            "the ledger did not answer for all invalidated flags in time", null));
            FlagState state = read.getValue().state();
            if (state.version() > position.number()) {
                return Optional.empty();
            }
            behind.put(read.getKey(), state);
        }
        Copy<Snapshot> copy = new Copy<>(shown.value().with(behind), position, asked);
        memory.putAll(copy, Map.of(), asked);
        return Optional.of(new Resolved<>(copy, behind));
    }
}
