package dev.burgee.write;

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

/** What write-flag does before a snapshot; end to end: {@code SnapStartIT}. */
class WriteFlagWiringTest {
    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("AWS_REGION", "eu-west-1"),
            Map.entry("BURGEE_TOPOLOGY_SECRET", "burgee/topology"),
            Map.entry("BURGEE_KEYS_SECRET", "burgee/keys"));

    /** Whatever is not answered as it must be would be told in the log. */
    @Test
    void rehearsesItsRequestsAndNobodyOutsideHearsOfIt() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var outside = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = new HashMap<>(VARIABLES);
            environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + outside.getLocalPort());

            WriteFlagWiring.wire(environment, new PrintStream(out, true, StandardCharsets.UTF_8))
                    .restore()
                    .beforeCheckpoint(Core.getGlobalContext());

            outside.setSoTimeout(1);
            assertThatThrownBy(outside::accept).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
