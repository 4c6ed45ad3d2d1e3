package dev.burgee.primary;

import dev.burgee.cache.CacheStanding;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question to every region's cache at once: do you take a write, and how far are you? Each is asked in a thread of its
 * own, which ends by the client's limits even where nobody waits for it any more.
 */
final class Round {
    private Round() {}

    /**
     * What the caches said.
     *
     * @param writable those that take writes, the one with the highest position first
     * @param failures the others' reasons for not answering, by region
     */
    record Outcome(List<Region> writable, Map<Region, String> failures) {}

    /**
     * Asks.
     *
     * @param preferred goes first among those with equal positions, so that the home does not wander; null: nobody
     */
    static Outcome ask(
            List<Region> regions, Function<Region, FlagCache> caches, @Nullable Region preferred, Deadline deadline) {
        Map<Region, FutureTask<CacheStanding>> questions = new LinkedHashMap<>();
        for (Region region : regions) {
            FutureTask<CacheStanding> question =
                    new FutureTask<>(() -> caches.apply(region).standing());
            questions.put(region, question);
            Thread.ofVirtual().name("locate-" + region).start(question);
        }
        Map<Region, Position> writable = new LinkedHashMap<>();
        Map<Region, String> failures = new LinkedHashMap<>();
        questions.forEach((region, question) -> {
            try {
                CacheStanding standing = question.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
                if (standing.writable()) {
                    Position position = standing.head().position();
                    writable.put(region, position == null ? Position.START : position);
                }
            } catch (TimeoutException e) {
                failures.put(region, "no answer in time");
            } catch (ExecutionException e) {
                failures.put(region, reason(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failures.put(region, "interrupted");
            }
        });
        Comparator<Region> order = Comparator.comparing(writable::get, Comparator.reverseOrder());
        return new Outcome(
                writable.keySet().stream()
                        .sorted(order.thenComparing(region -> !region.equals(preferred)))
                        .toList(),
                failures);
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause instanceof CacheUnavailableException ? String.valueOf(cause.getMessage()) : cause.toString();
    }
}
