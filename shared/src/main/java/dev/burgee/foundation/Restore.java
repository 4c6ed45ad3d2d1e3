package dev.burgee.foundation;

import dev.burgee.metrics.Metric;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * SnapStart's hook: whatever INIT or priming got over the network belongs to the moment of the snapshot, so the first
 * request after a restore starts from fresh secrets and fresh connections.
 */
public final class Restore implements Resource {
    private final Foundation foundation;

    private Restore(Foundation foundation) {
        this.foundation = foundation;
    }

    /** Registers the hook. The caller keeps the result: CRaC's context holds it weakly. */
    public static Restore hook(Foundation foundation) {
        Restore restore = new Restore(foundation);
        Core.getGlobalContext().register(restore);
        return restore;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        foundation.forgetConnections().run();
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        foundation.forgetConnections().run();
        foundation.metrics().count(Metric.RESTORE);
    }
}
