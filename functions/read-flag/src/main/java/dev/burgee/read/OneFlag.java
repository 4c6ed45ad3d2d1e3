package dev.burgee.read;

import dev.burgee.cache.CacheReading;
import dev.burgee.cache.CachedFlag;
import dev.burgee.cache.FlagCache;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.FlagReading;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.Position;
import dev.burgee.time.Deadline;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One flag as the subject of a read. */
record OneFlag(FlagKey key, FlagMemory memory, Ledger ledger) implements Subject<FlagState> {
    @Override
    public int patience() {
        return 1;
    }

    @Override
    public boolean isSmall() {
        return true;
    }

    @Override
    public Optional<Copy<FlagState>> proven() {
        return memory.proven(key);
    }

    @Override
    public Optional<Copy<FlagState>> lastKnown() {
        return memory.lastKnown(key);
    }

    @Override
    public Shown<FlagState> ask(FlagCache cache) {
        CacheReading reading = cache.read(key);
        return switch (reading.flag()) {
            case CachedFlag.Present(FlagState state) -> new Shown<>(reading.head(), state, Map.of());
            case CachedFlag.Marker(long entry) -> new Shown<>(reading.head(), FlagState.ABSENT, Map.of(key, entry));
            case CachedFlag.Missing _ -> new Shown<>(reading.head(), FlagState.ABSENT, Map.of());
        };
    }

    @Override
    public void remember(Shown<FlagState> shown, Position position, Proof asked) {
        if (shown.markers().isEmpty()) {
            memory.put(key, new Copy<>(shown.value(), position, asked), asked);
        }
    }

    @Override
    public Resolved<FlagState> askLedger(@Nullable Shown<FlagState> shown, Proof asked, Deadline deadline) {
        FlagReading reading = ledger.read(key, deadline);
        Copy<FlagState> copy = new Copy<>(reading.state(), reading.position(), asked);
        memory.putOwn(key, copy);
        return new Resolved<>(copy, Map.of(key, reading.state()));
    }
}
