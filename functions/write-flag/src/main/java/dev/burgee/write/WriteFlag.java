package dev.burgee.write;

import dev.burgee.cache.CacheHead;
import dev.burgee.cache.CachedFlag;
import dev.burgee.cache.FlagCache;
import dev.burgee.failure.ConflictException;
import dev.burgee.failure.NotFoundException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.flag.Flag;
import dev.burgee.flag.FlagDefinition;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Claim;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Position;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of a write: decide on what the local cache shows, append to the ledger, tell the home's cache, answer. From a
 * region without a ledger that is two crossings. Thread-safe.
 */
final class WriteFlag {
    /** Reading any flag tells the ledger's end. */
    private static final FlagKey ANY = new FlagKey("-");

    private final Ledger ledger;
    private final Caches caches;
    private final CacheTier local;
    private final Appender appender;
    private final Propagator propagator;
    private final Housekeeping housekeeping;
    private final Supplier<String> operationIds;
    private final Region here;
    private final Limits limits;
    private final Metrics metrics;
    private final Time time;

    WriteFlag(
            Ledger ledger,
            Caches caches,
            CacheTier local,
            Appender appender,
            Propagator propagator,
            Housekeeping housekeeping,
            Supplier<String> operationIds,
            Region here,
            Limits limits,
            Metrics metrics,
            Time time) {
        this.ledger = ledger;
        this.caches = caches;
        this.local = local;
        this.appender = appender;
        this.propagator = propagator;
        this.housekeeping = housekeeping;
        this.operationIds = operationIds;
        this.here = here;
        this.limits = limits;
        this.metrics = metrics;
        this.time = time;
    }

    /**
     * Writes.
     *
     * @throws dev.burgee.failure.BurgeeException the refusal, or {@link UnavailableException} when the ledger did not
     *     answer clearly
     */
    Accepted write(WriteRequest request) {
        try {
            return attempt(request);
        } catch (UnavailableException e) {
            metrics.count(Metric.WRITE_FAILURE);
            throw e;
        }
    }

    private Accepted attempt(WriteRequest request) {
        long start = time.nanos();
        Deadline deadline = Deadline.after(limits.wholeWrite(), time);
        View copy = copy(request.command(), deadline);
        Operation operation = operation(request, copy, deadline);
        suspectIfSlow(start);
        long appending = time.nanos();
        Appender.Appended appended = appender.append(request, operation, copy, deadline);
        suspectIfSlow(appending);
        Propagation propagation = housekeeping.during(
                appended.entry(), deadline, () -> propagator.propagate(appended.entry(), appended.before(), deadline));
        double elapsedMs = (time.nanos() - start) / 1e6;
        metrics.add(Metric.WRITE_LATENCY, elapsedMs);
        if (!propagation.writeRegion().equals(here)) {
            metrics.add(Metric.CROSS_REGION_WRITE_LATENCY, elapsedMs);
        }
        if (propagation.delayed()) {
            metrics.count(Metric.WRITE_DELAYED);
        }
        return new Accepted(appended.entry(), propagation);
    }

    /** Where a region of the ledger is lost its cache may be, too: to ask beside the append saves waiting for it later. */
    private void suspectIfSlow(long sinceNanos) {
        if (time.nanos() - sinceNanos >= limits.ledgerCall().toNanos()) {
            caches.suspect();
        }
    }

    /** What an import would do, without doing it. */
    Decision.Accept preview(Command.Import command) {
        Deadline deadline = Deadline.after(limits.wholeWrite(), time);
        try {
            var state = ledger.readAll(deadline);
            View view = new View(state.flags(), state.position());
            Decider.Stamp stamp = new Decider.Stamp(view.position().number() + 1, time.now(), "preview");
            return switch (Decider.decide(command, Precondition.NONE, view, stamp)) {
                case Decision.Accept accept -> accept;
                case Decision.Refuse(var reason) -> throw reason;
            };
        } catch (LedgerUnavailableException e) {
            throw new UnavailableException("no region of the ledger answered in time", Duration.ofSeconds(2), e);
        }
    }

    /**
     * The content of an old version, for a revert to it.
     *
     * @throws NotFoundException when that version is not one of this flag, or is its deletion
     */
    FlagDefinition contentOf(FlagKey key, long version) {
        Deadline deadline = Deadline.after(limits.wholeWrite(), time);
        try {
            Optional<Change> change = ledger.entriesAfter(new Position(version - 1), 1, deadline).stream()
                    .filter(entry -> entry.number() == version && entry.kind() != Entry.Kind.INVALIDATE)
                    .flatMap(entry -> entry.changes().stream())
                    .filter(candidate -> candidate.key().equals(key))
                    .findFirst();
            return switch (change.map(Change::after).orElse(FlagState.ABSENT)) {
                case FlagState.Live live -> Flag.definitionOf(key, live.json());
                case FlagState.Deleted _ ->
                    throw new NotFoundException(
                            "version " + version + " of flag " + key + " is its deletion, which has no content");
                case FlagState.Absent _ ->
                    throw new NotFoundException(
                            "flag " + key + " has no version " + version + "; its history lists those it has");
            };
        } catch (LedgerUnavailableException e) {
            throw new UnavailableException("no region of the ledger answered in time", Duration.ofSeconds(2), e);
        }
    }

    /** What this region's cache shows of the flag, if it can be decided on. */
    private @Nullable View copy(Command command, Deadline deadline) {
        if (!(command instanceof Command.OnOneFlag one)) {
            return null;
        }
        return local.ask(caches::local, cache -> cache.read(one.key()), deadline)
                .map(reading -> {
                    Position position = reading.head().position();
                    if (reading.head().home() != null) {
                        caches.hint(reading.head().home());
                    }
                    if (position == null || reading.flag() instanceof CachedFlag.Marker) {
                        return null;
                    }
                    return reading.flag() instanceof CachedFlag.Present(FlagState state)
                            ? new View(Map.of(one.key(), state), position)
                            : new View(Map.of(), position);
                })
                .orElse(null);
    }

    private Operation operation(WriteRequest request, @Nullable View copy, Deadline deadline) {
        String key = request.idempotencyKey();
        if (key == null) {
            return new Operation(operationIds.get(), null, null);
        }
        String id = Fingerprint.of(List.of(request.actor(), key));
        try {
            Position reached = copy != null ? copy.position() : reached(deadline);
            return switch (ledger.claim(id, request.fingerprint(), reached, time.now(), deadline)) {
                case Claim.Fresh _ -> new Operation(id, reached, null);
                case Claim.Repeat(var at, var fingerprint, var claimedAt) -> {
                    if (!fingerprint.equals(request.fingerprint())) {
                        throw ConflictException.conflict(
                                "Idempotency-Key was used within the last day for another request; use a new key");
                    }
                    yield new Operation(id, at, claimedAt);
                }
            };
        } catch (LedgerUnavailableException e) {
            throw new UnavailableException(
                    "no region of the ledger answered in time; nothing was changed", Duration.ofSeconds(2), e);
        }
    }

    /** A position that the ledger surely has reached, without a copy to tell it. */
    private Position reached(Deadline deadline) {
        return local.ask(caches::local, FlagCache::head, deadline)
                .map(CacheHead::position)
                .orElseGet(() -> ledger.read(ANY, deadline).position());
    }
}
