package dev.burgee.failover;

import dev.burgee.foundation.Restore;
import dev.burgee.rehearsal.RehearsalContract;
import java.io.PrintStream;
import java.util.Map;

/** What failover-dns-update does before a snapshot; end to end: {@code SnapStartIT}. */
class FailoverDnsUpdateWiringTest extends RehearsalContract {
    @Override
    protected Map<String, String> variables() {
        return Map.ofEntries(
                Map.entry("AWS_REGION", "eu-west-1"),
                Map.entry("BURGEE_HOME_PARAMETER", "/burgee/home"),
                Map.entry("BURGEE_GLOBAL_DATASTORE", "ldgnf-burgee"),
                Map.entry("BURGEE_REPLICATION_GROUP", "burgee-euw1"),
                Map.entry("BURGEE_CACHE_NAME", "cache.burgee.internal"),
                Map.entry("BURGEE_HOSTED_ZONE", "Z123"),
                Map.entry("BURGEE_PRIMARY_RECORD", "primary.burgee.internal"),
                Map.entry("BURGEE_PULSE_FUNCTION", "burgee-region-pulse"));
    }

    @Override
    protected Restore restore(Map<String, String> environment, PrintStream out) {
        return FailoverDnsUpdateWiring.wire(environment, out).restore();
    }
}
