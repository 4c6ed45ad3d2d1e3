package dev.burgee.foundation;

import dev.burgee.log.Log;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import java.time.Duration;
import java.util.Map;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * SnapStart's hook. Before the snapshot the function rehearses, so that its code is loaded and compiled. Whatever came over
 * the network by then belongs to that moment: after a restore secrets and connections are fresh, and begun at once. Neither
 * fails a snapshot or a restore: what could not be done is done by the first request.
 */
public final class Restore implements Resource {
    /** Publishing a version waits for it. */
    static final Duration REHEARSAL_MAX = Duration.ofSeconds(8);

    /** Lambda lets all of a restore take 10 s, and its caller waits. */
    static final Duration CONNECT_MAX = Duration.ofMillis(800);

    /** What a function rehearses. */
    public interface Play {
        /** Plays it; may fail. */
        void play() throws Exception;
    }

    /**
     * What is done when.
     *
     * @param rehearse before the snapshot: uses what the function uses, and has no effect outside
     * @param forget drops whatever came over the network; before the snapshot and after each restore
     * @param connect after a restore: fetches secrets and opens connections for the first request
     */
    public record Hooks(Play rehearse, Runnable forget, Play connect) {}

    private final Hooks hooks;
    private final Metrics metrics;
    private final Log log;

    private Restore(Hooks hooks, Metrics metrics, Log log) {
        this.hooks = hooks;
        this.metrics = metrics;
        this.log = log;
    }

    /** Registers the hooks. The caller keeps the result: CRaC's context holds it weakly. */
    public static Restore hook(Hooks hooks, Metrics metrics, Log log) {
        Restore restore = new Restore(hooks, metrics, log);
        Core.getGlobalContext().register(restore);
        return restore;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        within(REHEARSAL_MAX, "rehearsal", hooks.rehearse);
        hooks.forget.run();
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        hooks.forget.run();
        metrics.count(Metric.RESTORE);
        within(CONNECT_MAX, "connect", hooks.connect);
    }

    /** In a thread of its own, which is interrupted when the time is over. */
    private void within(Duration limit, String what, Play play) {
        Thread thread = Thread.ofVirtual().name("restore-" + what).start(() -> {
            try {
                play.play();
            } catch (Exception | LinkageError e) {
                // its message may name addresses; the first request will tell what is wrong with them
                log.warn(
                        "restore_unfinished",
                        Map.of("step", what, "cause", e.getClass().getName()));
            }
        });
        try {
            if (!thread.join(limit)) {
                thread.interrupt();
                log.warn(
                        "restore_unfinished",
                        Map.of("step", what, "cause", "took longer than " + limit.toMillis() + " ms"));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
