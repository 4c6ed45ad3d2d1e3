package dev.burgee.foundation;

import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * SnapStart's hook: whatever INIT or priming got over the network belongs to the moment of the snapshot, so the first
 * request after a restore starts from fresh secrets and fresh connections.
 */
public final class Restore implements Resource {
    private final Runnable forget;
    private final Metrics metrics;

    private Restore(Runnable forget, Metrics metrics) {
        this.forget = forget;
        this.metrics = metrics;
    }

    /** Registers the hook of a function that stands on a foundation. */
    public static Restore hook(Foundation foundation) {
        return hook(foundation.forgetConnections(), foundation.metrics());
    }

    /**
     * Registers the hook. The caller keeps the result: CRaC's context holds it weakly.
     *
     * @param forget drops whatever came over the network; run before the snapshot and after each restore
     */
    public static Restore hook(Runnable forget, Metrics metrics) {
        Restore restore = new Restore(forget, metrics);
        Core.getGlobalContext().register(restore);
        return restore;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        forget.run();
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        forget.run();
        metrics.count(Metric.RESTORE);
    }
}
