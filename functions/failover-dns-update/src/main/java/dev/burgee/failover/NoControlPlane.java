package dev.burgee.failover;

import dev.burgee.time.Deadline;

/** Self-managed caches: nobody but the ledger says who is primary. */
final class NoControlPlane implements ControlPlane {
    @Override
    public ControlPlaneView view(Deadline deadline) {
        return new ControlPlaneView.NotAsked();
    }

    @Override
    public void promote(Deadline deadline) {
        throw new IllegalStateException("there is no global datastore; the pulse promotes by itself");
    }
}
