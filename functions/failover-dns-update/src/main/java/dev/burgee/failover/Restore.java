package dev.burgee.failover;

import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import java.util.List;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** SnapStart's hook: connections and credentials belong to the moment of the snapshot, so none is in it. */
final class Restore implements Resource {
    private final List<Runnable> forget;
    private final Metrics metrics;

    private Restore(List<Runnable> forget, Metrics metrics) {
        this.forget = List.copyOf(forget);
        this.metrics = metrics;
    }

    /** Registers the hook. The caller keeps the result: CRaC's context holds it weakly. */
    static Restore hook(List<Runnable> forget, Metrics metrics) {
        Restore restore = new Restore(forget, metrics);
        Core.getGlobalContext().register(restore);
        return restore;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        forget.forEach(Runnable::run);
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        forget.forEach(Runnable::run);
        metrics.count(Metric.RESTORE);
    }
}
