package dev.burgee.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.PrintStream;
import java.util.Map;

/** Makes one execution environment of a function: its own wiring, from variables as Lambda would set them. */
@FunctionalInterface
interface FunctionFactory {
    /**
     * Cold-starts one.
     *
     * @param environment the variables
     * @param output where its log and metric lines go
     */
    RequestStreamHandler create(Map<String, String> environment, PrintStream output);
}
