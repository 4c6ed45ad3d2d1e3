package dev.burgee.local.drill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Customers who cannot wait: one in each region writes until it is accepted, another reads until that shows. Thread-safe. */
final class Probes {
    /** After so long the next write begins, whatever became of the one before. */
    private static final Duration IMPATIENCE = Duration.ofSeconds(1);

    private static final Duration BETWEEN_WRITES = Duration.ofMillis(200);
    private static final Duration BETWEEN_READS = Duration.ofMillis(60);

    private final Clock clock;
    private final Observations observations;
    private final DrillFlags flags;
    private final Load load;

    Probes(Clock clock, Observations observations, DrillFlags flags, Load load) {
        this.clock = clock;
        this.observations = observations;
        this.flags = flags;
        this.load = load;
    }

    /** Writes in each region until one write that began at the moment or later is acknowledged; answers where none was. */
    List<String> untilAcknowledged(List<Site> sites, long fromMs, Duration limit) {
        return inEach(
                sites,
                site -> write(
                        site,
                        limit,
                        () -> FirstSeen.acknowledged(observations.writes(), site.region(), fromMs, Long.MAX_VALUE)
                                .isPresent()));
    }

    /** The same until it is acknowledged as not delayed, and the first of these is visible; answers where it never was. */
    List<String> untilVisible(List<Site> sites, long fromMs, Duration limit) {
        List<String> regions = sites.stream().map(Site::region).toList();
        return inEach(sites, site -> {
            try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
                CompletableFuture<Boolean> written = CompletableFuture.supplyAsync(
                        () -> write(
                                site,
                                limit,
                                () -> FirstSeen.propagating(observations.writes(), List.of(site.region()), fromMs)
                                        .isPresent()),
                        thread);
                boolean visible = read(site, regions, fromMs, limit);
                return written.join() && visible;
            }
        });
    }

    private interface Probe {
        boolean succeeds(Site site);
    }

    private interface Accepted {
        boolean is();
    }

    private static List<String> inEach(List<Site> sites, Probe probe) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Optional<String>>> failed = sites.stream()
                    .map(site -> CompletableFuture.supplyAsync(
                            () -> probe.succeeds(site) ? Optional.<String>empty() : Optional.of(site.region()),
                            threads))
                    .toList();
            return failed.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    private boolean write(Site site, Duration limit, Accepted accepted) {
        long endMs = clock.nowMs() + limit.toMillis();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!accepted.is() && clock.nowMs() < endMs) {
                CompletableFuture<WriteSeen> write = CompletableFuture.supplyAsync(
                        () -> site.put(flags.probeOf(site.region()), load.operation(site)), threads);
                clock.await(IMPATIENCE, () -> write.isDone() || accepted.is());
                if (!accepted.is()) {
                    Clock.pause(BETWEEN_WRITES);
                }
            }
        }
        return accepted.is();
    }

    private boolean read(Site site, List<String> writers, long fromMs, Duration limit) {
        return clock.await(limit, () -> {
            Optional<WriteSeen> written = FirstSeen.propagating(observations.writes(), writers, fromMs);
            if (written.isEmpty()) {
                return false;
            }
            OptionalLong visible = FirstSeen.visible(observations.reads(), written.get(), site.region(), fromMs);
            if (visible.isEmpty()) {
                site.read("visibility-" + site.region(), written.get().write().flag());
                Clock.pause(BETWEEN_READS);
            }
            return visible.isPresent();
        });
    }
}
