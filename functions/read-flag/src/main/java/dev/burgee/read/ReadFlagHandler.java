package dev.burgee.read;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.burgee.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** The Lambda function read-flag. A stream handler: the runtime's own binding of the event would cost 210-270 ms cold. */
public final class ReadFlagHandler implements RequestStreamHandler {
    private final ReadFlagWiring.Wired wired;

    /** As Lambda makes it. */
    public ReadFlagHandler() {
        this(System.getenv(), System.out);
    }

    /**
     * As the local world makes it.
     *
     * @throws dev.burgee.failure.MisconfiguredException naming every setting that is wrong or missing
     */
    public ReadFlagHandler(Map<String, String> environment, PrintStream out) {
        this(environment, out, new FlagMemory());
    }

    private ReadFlagHandler(Map<String, String> environment, PrintStream out, FlagMemory memory) {
        wired = ReadFlagWiring.wire(environment, out, memory);
    }

    /**
     * One that remembers no flag, so that each read asks: no setting makes Lambda's so. What is promised of reads holds for
     * it too, and tests see to that.
     *
     * @throws dev.burgee.failure.MisconfiguredException naming every setting that is wrong or missing
     */
    public static ReadFlagHandler withoutMemory(Map<String, String> environment, PrintStream out) {
        return new ReadFlagHandler(environment, out, FlagMemory.withoutCopies());
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        wired.edge().handle(in, out, context);
    }

    /** All that it serves, for checking what is written about it. */
    public List<Route> routes() {
        return wired.edge().routes();
    }

    /** Answers an event that was read already. */
    public APIGatewayV2HTTPResponse handle(APIGatewayV2HTTPEvent event) {
        return wired.edge().handle(event);
    }
}
