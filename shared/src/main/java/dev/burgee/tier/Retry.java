package dev.burgee.tier;

import dev.burgee.time.Deadline;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Tries a failed call again a few times, after random waits that grow ("full jitter": from nothing up to the limit), as
 * long as the wait fits the deadline. Thread-safe.
 */
public final class Retry {
    /** What docs/settings.md names. */
    public static final List<Duration> WAITS_MAX =
            List.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));

    private final List<Duration> waitsMax;
    private final RandomGenerator random;

    /**
     * Makes a policy.
     *
     * @param waitsMax one per retry
     */
    public Retry(List<Duration> waitsMax, RandomGenerator random) {
        this.waitsMax = List.copyOf(waitsMax);
        this.random = random;
    }

    /**
     * Calls, and calls again after each failure of that kind.
     *
     * @param onRetry runs before each further try
     */
    public <T> T call(
            Class<? extends RuntimeException> failure, Deadline deadline, Runnable onRetry, Supplier<T> call) {
        RetryPolicy<T> policy = RetryPolicy.<T>builder()
                .handle(failure)
                .withMaxRetries(waitsMax.size())
                .withDelayFn(context -> waitMax(context.getAttemptCount()).isZero()
                        ? Duration.ZERO
                        : Duration.ofNanos(random.nextLong(
                                waitMax(context.getAttemptCount()).toNanos() + 1)))
                .abortIf((_, _) -> !deadline.fits(waitsMax.isEmpty() ? Duration.ZERO : waitsMax.getFirst()))
                .onRetry(_ -> onRetry.run())
                .build();
        return Failsafe.with(policy).get(call::get);
    }

    private Duration waitMax(int attempts) {
        return waitsMax.get(Math.clamp(attempts - 1L, 0, waitsMax.size() - 1));
    }
}
