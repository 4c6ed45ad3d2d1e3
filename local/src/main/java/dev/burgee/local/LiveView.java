package dev.burgee.local;

import dev.burgee.region.Region;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at a world each second and prints the {@link LiveTable}. Thread-safe. */
final class LiveView implements AutoCloseable {
    private final World world;
    private final PrintStream out;
    private final LiveTable table = new LiveTable();
    private final Map<Region, Map<String, Long>> before = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-table").factory());
    private long lookedNanos = System.nanoTime();

    private LiveView(World world, PrintStream out) {
        this.world = world;
        this.out = out;
    }

    static LiveView start(World world, PrintStream out) {
        var view = new LiveView(world, out);
        // the reads until now are nobody's rate
        world.geography().regions().forEach(view::line);
        var _ = view.thread.scheduleWithFixedDelay(view::print, 1, 1, TimeUnit.SECONDS);
        return view;
    }

    /** Prints nothing any more once this returns; waits for a second at most. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            var _ = thread.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print() {
        try {
            List<LiveTable.Line> lines =
                    world.geography().regions().stream().map(this::line).toList();
            long now = System.nanoTime();
            String text = table.next(lines, Duration.ofNanos(now - lookedNanos));
            lookedNanos = now;
            if (!thread.isShutdown()) {
                out.print(text);
                out.flush();
            }
        } catch (RuntimeException e) {
            // the world is ending, or a cache server is about to be another: the next look sees more
        }
    }

    private LiveTable.Line line(Region region) {
        Map<String, Long> now = world.reads(region);
        Map<String, Long> then = before.getOrDefault(region, Map.of());
        before.put(region, now);
        Map<String, Long> since = new HashMap<>();
        now.forEach((source, count) -> since.put(source, count - then.getOrDefault(source, 0L)));
        return new LiveTable.Line(
                region.code(), world.caches().status(region), world.network().isIsolated(region), since);
    }
}
