package dev.burgee.failover;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;

/** The Lambda function failover-dns-update. */
public final class FailoverDnsUpdateHandler implements RequestStreamHandler {
    private final FailoverDnsUpdateWiring.Wired wired;

    /** As Lambda makes it. */
    public FailoverDnsUpdateHandler() {
        this(System.getenv(), System.out);
    }

    /**
     * As the local world makes it.
     *
     * @throws dev.burgee.failure.MisconfiguredException naming every setting that is wrong or missing
     */
    public FailoverDnsUpdateHandler(Map<String, String> environment, PrintStream out) {
        wired = FailoverDnsUpdateWiring.wire(environment, out);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        wired.failover().handle(in, out);
    }
}
