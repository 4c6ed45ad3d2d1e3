package dev.burgee.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.foundation.Restore;
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

/** What every function does before a snapshot; end to end: {@code SnapStartIT}. */
public abstract class RehearsalContract {
    /** The variables that the function needs, but for addresses. */
    protected abstract Map<String, String> variables();

    /** The hook of the function, made as Lambda makes it. */
    protected abstract Restore restore(Map<String, String> environment, PrintStream out);

    /** Whatever is not answered as it must be would be told in the log. */
    @Test
    void rehearsesItsRequestsAndNobodyOutsideHearsOfIt() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var outside = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = new HashMap<>(variables());
            environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + outside.getLocalPort());

            restore(environment, new PrintStream(out, true, StandardCharsets.UTF_8))
                    .beforeCheckpoint(Core.getGlobalContext());

            outside.setSoTimeout(1);
            assertThatThrownBy(outside::accept).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
