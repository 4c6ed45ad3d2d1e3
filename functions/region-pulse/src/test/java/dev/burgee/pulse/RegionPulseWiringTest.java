package dev.burgee.pulse;

import dev.burgee.foundation.Restore;
import dev.burgee.rehearsal.RehearsalContract;
import java.io.PrintStream;
import java.util.Map;

/** What region-pulse does before a snapshot; end to end: {@code SnapStartIT}. */
class RegionPulseWiringTest extends RehearsalContract {
    @Override
    protected Map<String, String> variables() {
        return Map.ofEntries(
                Map.entry("AWS_REGION", "eu-west-1"),
                Map.entry("BURGEE_TOPOLOGY_SECRET", "burgee/topology"),
                Map.entry("BURGEE_HOME_PARAMETER", "/burgee/home"));
    }

    @Override
    protected Restore restore(Map<String, String> environment, PrintStream out) {
        return RegionPulseWiring.wire(environment, out).restore();
    }
}
