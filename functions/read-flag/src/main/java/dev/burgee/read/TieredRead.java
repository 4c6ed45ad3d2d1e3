package dev.burgee.read;

import dev.burgee.cache.CacheHead;
import dev.burgee.cache.CacheNews;
import dev.burgee.cache.FlagCache;
import dev.burgee.failure.MisconfiguredException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Position;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.Caches;
import dev.burgee.settings.Limits;
import dev.burgee.tier.Race;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The order of the tiers and when each is believed: memory, this region's cache, the home's cache, the ledger, the last
 * known copy.
 *
 * <p>A cache is believed when it shows a position (an empty one is not "no flags"), when that position is not behind what
 * the caller has seen (its token) or this process has answered, and when somebody confirmed it to be the ledger's end
 * within the last minutes. What cannot be confirmed is kept, and served with its age when nothing better answers in time.
 * Thread-safe.
 */
final class TieredRead {
    /** The least age of an answer that is known to be behind; headers count whole seconds. */
    private static final Duration BEHIND_AGE_MIN = Duration.ofSeconds(1);

    /** Between two looks at a replica that is waited for. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    /**
     * The first answer of a process may take so many times a read's limit, like a list: with it comes the making of whatever
     * asks the tiers, and nothing is known that could be answered instead.
     */
    private static final int COLD_PATIENCE = 3;

    private final Caches caches;
    private final CacheTier local;
    private final CacheTier home;
    private final FlagMemory memory;
    private final AfterCare afterCare;
    private final Limits limits;
    private final Metrics metrics;
    private final DegradedLog degraded;
    private final Time time;
    private final ReplicaPace pace;

    TieredRead(
            Caches caches,
            CacheTier local,
            CacheTier home,
            FlagMemory memory,
            AfterCare afterCare,
            Limits limits,
            Metrics metrics,
            DegradedLog degraded,
            Time time) {
        this.caches = caches;
        this.local = local;
        this.home = home;
        this.memory = memory;
        this.afterCare = afterCare;
        this.limits = limits;
        this.metrics = metrics;
        this.degraded = degraded;
        this.time = time;
        this.pace = new ReplicaPace(time);
    }

    /**
     * Reads.
     *
     * @param token the position that the caller has seen; the answer shows it or a later one
     * @throws UnavailableException when no tier has an answer that shows the token
     */
    <T> Answer<T> read(Subject<T> subject, Position token) {
        Attempt<T> attempt = new Attempt<>(subject, token);
        Answer<T> answer = attempt.run();
        memory.answered(answer.position());
        switch (answer.source()) {
            case MEMORY, REPLICA, PRIMARY -> metrics.count(Metric.CACHE_HIT);
            case DATABASE -> metrics.count(Metric.CACHE_MISS);
            case LAST_KNOWN -> {} // neither a hit nor a miss: DegradedRead tells
        }
        return answer;
    }

    /** One read on its way through the tiers. */
    private final class Attempt<T> {
        private final Subject<T> subject;
        private final Position token;
        private final Deadline deadline;
        private final Proof asked = new Proof(time.nanos(), time.now());
        private final Position needed;
        /** A cache's answer that could not be confirmed, the best so far. */
        private @Nullable Answer<T> unconfirmed;
        /** A cache's answer with markers, which only the ledger can resolve. */
        private @Nullable Shown<T> marked;
        /** The head of the home's cache when only its confirmation was too old. */
        private @Nullable Position toConfirm;

        private boolean localFailed;
        /** Whether this region's cache showed less than is needed. */
        private boolean behind;

        private boolean waited;

        Attempt(Subject<T> subject, Position token) {
            this.subject = subject;
            this.token = token;
            int patience = memory.floor().equals(Position.START) ? COLD_PATIENCE : subject.patience();
            this.deadline = Deadline.after(limits.wholeRead().multipliedBy(patience), time);
            this.needed = Position.max(token, memory.floor());
        }

        Answer<T> run() {
            Optional<Copy<T>> copy = subject.proven();
            if (copy.isPresent()
                    && asked.nanos() - copy.get().known().nanos()
                            < limits.freshnessWindow().toNanos()
                    && copy.get().position().isAtLeast(needed)) {
                return answer(copy.get(), Source.MEMORY);
            }
            boolean atHome = caches.localIsHome();
            Source localSource = atHome ? Source.PRIMARY : Source.REPLICA;
            Optional<Answer<T>> answer = copy.isPresent() ? fromProof(localSource) : Optional.empty();
            if (answer.isEmpty()) {
                answer = fromLocal(localSource);
            }
            if (answer.isEmpty() && !atHome && behind) {
                answer = fromReplicaInAWhile(localSource);
            }
            if (answer.isEmpty() && !atHome && marked == null) {
                answer = fromAfar().map(this::degraded);
            } else if (answer.isEmpty()) {
                answer = fromLedger().map(this::degraded);
            }
            if (answer.isEmpty()) {
                answer = lastKnown().map(this::degraded);
            }
            if (behind) {
                metrics.add(Metric.TOKEN_READ, way(answer), 1);
            }
            return answer.orElseThrow(this::nothing);
        }

        private String way(Optional<Answer<T>> answer) {
            if (answer.isEmpty()) {
                return "refused";
            }
            return switch (answer.get().source()) {
                case PRIMARY -> "home";
                case DATABASE -> "ledger";
                case MEMORY, REPLICA -> waited ? "waited" : "last-known";
                case LAST_KNOWN -> "last-known";
            };
        }

        /** Waits for the replica to show what is needed, if that is expected to be faster than asking the home. */
        private Optional<Answer<T>> fromReplicaInAWhile(Source source) {
            long since = time.nanos();
            Duration patience = pace.patience(caches.home().region());
            if (!patience.isZero() && deadline.fits(patience.plus(limits.crossRead()))) {
                Optional<CacheHead> head;
                do {
                    time.sleep(LOOK_EVERY);
                    head = local.ask(caches::local, FlagCache::head, deadline);
                    if (head.map(shown -> shown.position())
                            .filter(shown -> shown.isAtLeast(needed))
                            .isPresent()) {
                        pace.waited(Duration.ofNanos(time.nanos() - since));
                        waited = true;
                        return fromLocal(source);
                    }
                } while (head.isPresent() && time.nanos() - since < patience.toNanos());
                metrics.add(Metric.TOKEN_READ, "waited-in-vain", 1);
            }
            pace.isBehind(needed, since);
            return Optional.empty();
        }

        /** Lets the local cache prove, in one small round trip, that memory's copy still holds, or bring what changed. */
        private Optional<Answer<T>> fromProof(Source source) {
            Position from = memory.position();
            Optional<CacheNews> news = local.ask(caches::local, cache -> cache.newsSince(from), deadline);
            news.ifPresent(heard -> hear(heard.head()));
            if (news.isEmpty()
                    || news.get().head().position() == null
                    || !isConfirmed(news.get().head())) {
                return Optional.empty();
            }
            memory.hear(news.get(), from, asked);
            // a copy that is further on than the cache is at least as fresh as what the cache would show
            return subject.proven()
                    .filter(copy -> copy.position().isAtLeast(needed))
                    .map(copy -> answer(copy, source));
        }

        /** Whatever this region's cache shows is also news of the home. */
        private void hear(CacheHead head) {
            if (head.home() != null) {
                caches.hint(head.home());
            }
            if (head.position() != null) {
                pace.saw(head.position());
            }
        }

        private Optional<Answer<T>> fromLocal(Source source) {
            Optional<Shown<T>> asked = local.ask(caches::local, subject::ask, deadline);
            asked.ifPresent(shown -> hear(shown.head()));
            return judge(local, source, asked);
        }

        /**
         * The home's cache, and the ledger as well once the home is late: nothing is left of the time for a whole read when
         * the one is only asked after the other has let a connection across an ocean time out.
         */
        private Optional<Answer<T>> fromAfar() {
            var race = new Race<Supplier<Optional<Answer<T>>>>();
            race.enter("ask-home", () -> {
                Optional<Shown<T>> shown = askHome();
                return () -> judge(home, Source.PRIMARY, shown);
            });
            Duration patience =
                    subject.isSmall() ? pace.homePatience(caches.home().region()) : deadline.remaining();
            Optional<Answer<T>> answer = race.next(deadline.cap(patience)).flatMap(Supplier::get);
            if (answer.isPresent() || !race.isOn()) {
                return answer.isPresent() ? answer : fromLedger();
            }
            race.enter("ask-ledger", () -> {
                Optional<Resolved<T>> resolved = askLedger(null);
                // what was read before the home's marker was seen may be older than the marker: it fills nothing
                return () -> resolved.flatMap(found -> believe(found, null));
            });
            Optional<Supplier<Optional<Answer<T>>>> ended;
            do {
                ended = race.next(deadline.remaining());
                answer = ended.flatMap(Supplier::get);
            } while (answer.isEmpty() && ended.isPresent());
            return answer;
        }

        private Optional<Shown<T>> askHome() {
            long start = time.nanos();
            Optional<Shown<T>> shown = home.ask(caches::home, subject::ask, deadline);
            if (shown.isEmpty()) {
                caches.suspect(); // beside this read, which goes on to the ledger
            } else {
                pace.homeTook(caches.home().region(), Duration.ofNanos(time.nanos() - start));
            }
            return shown;
        }

        /** Whether what a cache shows is to be believed. */
        private Optional<Answer<T>> judge(CacheTier tier, Source source, Optional<Shown<T>> asked) {
            Position position = asked.map(shown -> shown.head().position()).orElse(null);
            if (asked.isPresent() && position == null && (tier == home || caches.localIsHome())) {
                afterCare.homeIsEmpty();
            }
            if (asked.isEmpty() || position == null) {
                localFailed |= tier == local;
                return Optional.empty();
            }
            Shown<T> shown = asked.get();
            if (!position.isAtLeast(needed)) {
                behind |= tier == local;
                keep(shown, position, source);
                return Optional.empty();
            }
            if (!isConfirmed(shown.head())) {
                localFailed |= tier == local;
                keep(shown, position, source);
                toConfirm = tier == home || caches.localIsHome() ? position : null;
                return Optional.empty();
            }
            subject.remember(shown, position, this.asked);
            if (!shown.markers().isEmpty()) {
                marked = shown;
                return Optional.empty();
            }
            return Optional.of(new Answer<>(shown.value(), position, source, null));
        }

        private Optional<Answer<T>> fromLedger() {
            Shown<T> open = marked;
            return askLedger(open).flatMap(resolved -> believe(resolved, open));
        }

        private Optional<Resolved<T>> askLedger(@Nullable Shown<T> open) {
            try {
                return Optional.of(subject.askLedger(open, asked, deadline));
            } catch (LedgerUnavailableException | MisconfiguredException e) {
                degraded.ledgerFailed(e);
                return Optional.empty();
            }
        }

        private Optional<Answer<T>> believe(Resolved<T> resolved, @Nullable Shown<T> open) {
            Copy<T> copy = resolved.copy();
            if (open != null) {
                afterCare.fill(open.markers(), resolved.fills());
            }
            if (toConfirm != null && toConfirm.equals(copy.position())) {
                afterCare.confirm(copy.position(), asked.instant());
            }
            return copy.position().isAtLeast(token) ? Optional.of(answer(copy, Source.DATABASE)) : Optional.empty();
        }

        /** What memory or an unconfirmed cache has, whichever is further on; never for a token that it does not show. */
        private Optional<Answer<T>> lastKnown() {
            Optional<Answer<T>> remembered = subject.lastKnown()
                    .map(copy -> new Answer<>(
                            copy.value(),
                            copy.position(),
                            Source.LAST_KNOWN,
                            age(copy.known().instant())));
            Answer<T> shown = unconfirmed;
            if (shown != null
                    && remembered
                            .map(copy -> shown.position().isAtLeast(copy.position()))
                            .orElse(true)) {
                return Optional.of(shown);
            }
            return remembered.filter(copy -> copy.position().isAtLeast(token));
        }

        private void keep(Shown<T> shown, Position position, Source source) {
            Answer<T> best = unconfirmed;
            if (shown.markers().isEmpty()
                    && position.isAtLeast(token)
                    && (best == null || position.compareTo(best.position()) > 0)) {
                Instant checked = shown.head().checked();
                // never confirmed: it is at least as old as what is no longer trusted
                Duration age = checked == null ? limits.checkedAgeMax() : age(checked);
                if (!position.isAtLeast(needed) && age.compareTo(BEHIND_AGE_MIN) < 0) {
                    age = BEHIND_AGE_MIN; // it is behind what this process has answered, so it is not current
                }
                unconfirmed = new Answer<>(shown.value(), position, source, age);
            }
        }

        private boolean isConfirmed(CacheHead head) {
            Instant checked = head.checked();
            return checked != null && age(checked).compareTo(limits.checkedAgeMax()) <= 0;
        }

        private Duration age(Instant since) {
            Duration age = Duration.between(since, asked.instant());
            return age.isNegative() ? Duration.ZERO : age;
        }

        private Answer<T> answer(Copy<T> copy, Source source) {
            return new Answer<>(copy.value(), copy.position(), source, null);
        }

        private Answer<T> degraded(Answer<T> answer) {
            if (localFailed) {
                degraded.answered(answer.source());
            }
            return answer;
        }

        private UnavailableException nothing() {
            return new UnavailableException(
                    token.equals(Position.START)
                            ? "no cache and no region of the ledger answered in time, and this process has no last known copy"
                            : "nothing that answered in time shows position " + token
                                    + "; try again, or read without Burgee-Position",
                    Duration.ofSeconds(1),
                    null);
        }
    }
}
