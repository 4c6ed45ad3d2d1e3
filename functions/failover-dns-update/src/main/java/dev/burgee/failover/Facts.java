package dev.burgee.failover;

import dev.burgee.region.Region;
import org.jspecify.annotations.Nullable;

/** All that a plan is made of. Immutable. */
record Facts(Trigger trigger, ControlPlaneView controlPlane, PulseView pulse, RecordView record) {
    PulseReport.@Nullable Home home() {
        return pulse instanceof PulseView.Told(PulseReport report) ? report.home() : null;
    }

    boolean homeIs(Region region) {
        PulseReport.Home home = home();
        return home != null && home.region().equals(region);
    }

    boolean writable() {
        return pulse instanceof PulseView.Told(PulseReport report) && report.cache() == PulseReport.Cache.WRITABLE;
    }

    boolean isEvent() {
        return trigger == Trigger.EVENT;
    }
}
