package dev.burgee.foundation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.settings.CommonSettings;
import dev.burgee.settings.Environment;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.crac.Core;
import org.junit.jupiter.api.Test;

class RestoreTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AWS_REGION", "eu-west-1",
            "BURGEE_TOPOLOGY_SECRET", "burgee/topology");

    private final AtomicInteger forgotten = new AtomicInteger();
    private final RecordingMetrics metrics = new RecordingMetrics();

    private Foundation foundation() {
        Foundation real = Foundation.lay(
                CommonSettings.from(new Environment(ENVIRONMENT)),
                ENVIRONMENT,
                "read-flag",
                Duration.ZERO,
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        return new Foundation(
                real.settings(),
                real.time(),
                real.log(),
                metrics,
                real.secrets(),
                real.topology(),
                real.caches(),
                real.ledger(),
                () -> {
                    real.forgetConnections().run();
                    forgotten.incrementAndGet();
                });
    }

    @Test
    void forgetsConnectionsAroundASnapshotAndCountsTheRestore() {
        Restore restore = Restore.hook(foundation());

        restore.beforeCheckpoint(Core.getGlobalContext());
        assertThat(forgotten).hasValue(1);
        assertThat(metrics.samples()).as("no metric before the snapshot").isEmpty();
        restore.afterRestore(Core.getGlobalContext());
        assertThat(forgotten).hasValue(2);
        assertThat(metrics.sum(Metric.RESTORE)).isEqualTo(1);
    }
}
