package dev.burgee.read;

import dev.burgee.foundation.Restore;
import dev.burgee.rehearsal.RehearsalContract;
import java.io.PrintStream;
import java.util.Map;

/** What read-flag does before a snapshot; end to end: {@code SnapStartIT}. */
class ReadFlagWiringTest extends RehearsalContract {
    @Override
    protected Map<String, String> variables() {
        return Map.ofEntries(
                Map.entry("AWS_REGION", "eu-west-1"),
                Map.entry("BURGEE_TOPOLOGY_SECRET", "burgee/topology"),
                Map.entry("BURGEE_KEYS_SECRET", "burgee/keys"));
    }

    @Override
    protected Restore restore(Map<String, String> environment, PrintStream out) {
        return ReadFlagWiring.wire(environment, out, new FlagMemory()).restore();
    }
}
