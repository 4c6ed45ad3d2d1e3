package dev.burgee.primary;

import dev.burgee.cache.CacheStanding;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question to every region's cache at once: do you take a write, and how far are you? Each is asked in a thread of its
 * own, which ends by the client's limits even where nobody waits for it any more.
 */
final class Round {
    /** Between the first writable cache's answer and the early word: time for one that is hardly farther. */
    private static final Duration GRACE = Duration.ofMillis(100);

    private Round() {}

    /**
     * What the caches said.
     *
     * @param writable those that take writes, the one with the highest position first
     * @param failures the others' reasons for not answering, by region
     */
    record Outcome(List<Region> writable, Map<Region, String> failures) {}

    private record Answer(Region region, FutureTask<CacheStanding> standing) {}

    /**
     * Asks. A lost region keeps silent until its limit, which nobody has to wait for who only wants a cache that takes
     * writes: so they hear of the first one early.
     *
     * @param preferred goes first among those with equal positions, so that the home does not wander; null: nobody
     * @param early hears, at most once, what is known a moment after the first writable cache answered, if others have not
     * @return what all answered, or those who did before the deadline
     */
    static Outcome ask(
            List<Region> regions,
            Function<Region, FlagCache> caches,
            @Nullable Region preferred,
            Deadline deadline,
            Consumer<Outcome> early) {
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        for (Region region : regions) {
            FutureTask<CacheStanding> question =
                    new FutureTask<>(() -> caches.apply(region).standing());
            Thread.ofVirtual().name("locate-" + region).start(() -> {
                question.run();
                answers.add(new Answer(region, question));
            });
        }
        Map<Region, Position> writable = new LinkedHashMap<>();
        Map<Region, String> failures = new LinkedHashMap<>();
        Set<Region> silent = new LinkedHashSet<>(regions);
        boolean told = false;
        while (!silent.isEmpty()) {
            boolean found = !writable.isEmpty() && !told;
            Duration left = deadline.remaining();
            Duration wait = found && GRACE.compareTo(left) < 0 ? GRACE : left;
            Answer answer = next(answers, wait);
            if (answer != null) {
                silent.remove(answer.region());
                note(answer, writable, failures);
            } else if (found) {
                told = true;
                early.accept(outcome(writable, failures, preferred));
            } else {
                break;
            }
        }
        silent.forEach(region -> failures.put(region, "no answer in time"));
        return outcome(writable, failures, preferred);
    }

    private static @Nullable Answer next(BlockingQueue<Answer> answers, Duration wait) {
        try {
            return answers.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static void note(Answer answer, Map<Region, Position> writable, Map<Region, String> failures) {
        try {
            CacheStanding standing = answer.standing().resultNow();
            if (standing.writable()) {
                Position position = standing.head().position();
                writable.put(answer.region(), position == null ? Position.START : position);
            }
        } catch (IllegalStateException e) {
            failures.put(answer.region(), reason(answer.standing().exceptionNow()));
        }
    }

    private static Outcome outcome(
            Map<Region, Position> writable, Map<Region, String> failures, @Nullable Region preferred) {
        Comparator<Region> order = Comparator.comparing(writable::get, Comparator.reverseOrder());
        return new Outcome(
                writable.keySet().stream()
                        .sorted(order.thenComparing(region -> !region.equals(preferred)))
                        .toList(),
                Map.copyOf(failures));
    }

    private static String reason(Throwable cause) {
        return cause instanceof CacheUnavailableException ? String.valueOf(cause.getMessage()) : cause.toString();
    }
}
