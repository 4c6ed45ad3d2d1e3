package dev.burgee.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.crac.Core;
import org.junit.jupiter.api.Test;

/** What failover-dns-update does before a snapshot; end to end: {@code SnapStartIT}. */
class FailoverDnsUpdateWiringTest {
    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("AWS_REGION", "eu-west-1"),
            Map.entry("BURGEE_HOME_PARAMETER", "/burgee/home"),
            Map.entry("BURGEE_GLOBAL_DATASTORE", "ldgnf-burgee"),
            Map.entry("BURGEE_REPLICATION_GROUP", "burgee-euw1"),
            Map.entry("BURGEE_CACHE_NAME", "cache.burgee.internal"),
            Map.entry("BURGEE_HOSTED_ZONE", "Z123"),
            Map.entry("BURGEE_PRIMARY_RECORD", "primary.burgee.internal"),
            Map.entry("BURGEE_PULSE_FUNCTION", "burgee-region-pulse"));

    /** Whatever is not answered as it must be would be told in the log. */
    @Test
    void rehearsesItsRequestsAndNobodyOutsideHearsOfIt() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var outside = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = new HashMap<>(VARIABLES);
            environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + outside.getLocalPort());

            FailoverDnsUpdateWiring.wire(environment, new PrintStream(out, true, StandardCharsets.UTF_8))
                    .restore()
                    .beforeCheckpoint(Core.getGlobalContext());

            outside.setSoTimeout(1);
            assertThatThrownBy(outside::accept).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
