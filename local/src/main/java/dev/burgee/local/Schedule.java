package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for EventBridge's schedules: invokes functions again and again, one after the other within the interval. A beat
 * that fails is not tried again, the next one comes soon enough; a beat whose last one still runs is left out.
 */
final class Schedule implements AutoCloseable {
    /** What is invoked, and where. */
    record Beat(Region region, FunctionHost function) {}

    private final Duration interval;
    private final List<Beat> beats;
    private final Map<Beat, Semaphore> running = new LinkedHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("schedule").factory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Schedule(Duration interval, List<Beat> beats) {
        this.interval = interval;
        this.beats = List.copyOf(beats);
        beats.forEach(beat -> running.put(beat, new Semaphore(1)));
    }

    /** One round at once; done when all have ended. */
    CompletableFuture<Void> once() {
        return CompletableFuture.allOf(beats.stream()
                .map(beat -> CompletableFuture.runAsync(() -> invoke(beat), threads))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Begins, spread over the interval: nobody waits for a first beat longer than for any later one. */
    void start() {
        for (int i = 0; i < beats.size(); i++) {
            Beat beat = beats.get(i);
            var _ = clock.scheduleAtFixedRate(
                    () -> threads.execute(() -> invoke(beat)),
                    interval.toNanos() * (i + 1) / beats.size(),
                    interval.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
    }

    private void invoke(Beat beat) {
        Semaphore permit = running.getOrDefault(beat, new Semaphore(0));
        if (!permit.tryAcquire()) {
            return;
        }
        try {
            beat.function().invoke(event(beat.region()));
        } catch (InterruptedException e) {
            // the world is ending
            Thread.currentThread().interrupt();
        } finally {
            permit.release();
        }
    }

    private static String event(Region region) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("version", "0");
        event.put("id", UUID.randomUUID().toString());
        event.put("detail-type", "Scheduled Event");
        event.put("source", "aws.events");
        event.put("account", "000000000000");
        event.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        event.put("region", region.code());
        event.put("resources", List.of("arn:aws:events:" + region + ":000000000000:rule/burgee-pulse"));
        event.put("detail", Map.of());
        return Json.write(event);
    }
}
