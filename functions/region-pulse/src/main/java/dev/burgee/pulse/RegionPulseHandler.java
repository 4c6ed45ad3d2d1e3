package dev.burgee.pulse;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.burgee.failure.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The Lambda function region-pulse. Takes {@code {}} or a scheduler's event for a plain pulse, {@code {"action":…}} for more
 * ({@link PulseRequest}); answers with a report ({@link PulseReport}).
 */
public final class RegionPulseHandler implements RequestStreamHandler {
    private final RegionPulseWiring.Wired wired;

    /** As Lambda makes it. */
    public RegionPulseHandler() {
        this(System.getenv(), System.out);
    }

    /**
     * As the local world makes it.
     *
     * @throws dev.burgee.failure.MisconfiguredException naming every setting that is wrong or missing
     */
    public RegionPulseHandler(Map<String, String> environment, PrintStream out) {
        wired = RegionPulseWiring.wire(environment, out);
    }

    /**
     * Handles one event.
     *
     * @throws InvalidRequestException naming each member that is wrong: Lambda's error answer has its message
     */
    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        handle(in, out);
    }

    void handle(InputStream in, OutputStream out) throws IOException {
        byte[] event = in.readNBytes(PulseRequests.BYTES_MAX + 1);
        PulseReport report = wired.pulse().pulse(request(event));
        out.write(report.toJson().getBytes(StandardCharsets.UTF_8));
    }

    private PulseRequest request(byte[] event) {
        try {
            return wired.requests().read(event);
        } catch (InvalidRequestException e) {
            wired.pulse().refused(e.text());
            throw e;
        }
    }
}
