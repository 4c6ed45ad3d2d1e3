package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands in for Lambda in all regions: Invoke, by name or ARN, waiting for the answer or not. Thread-safe. */
final class LambdaStandIn implements AwsStandIn.Service {
    private static final Pattern INVOCATIONS = Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");
    /** A name, or an ARN with or without a version or alias. */
    private static final Pattern NAME =
            Pattern.compile("(?:arn:aws:lambda:[a-z0-9-]+:[0-9]+:function:)?([A-Za-z0-9_-]+)(?::[A-Za-z0-9_$-]+)?");

    private final BiFunction<Region, String, Optional<FunctionHost>> functions;
    private final AsyncInvocations async;

    LambdaStandIn(BiFunction<Region, String, Optional<FunctionHost>> functions, AsyncInvocations async) {
        this.functions = functions;
        this.async = async;
    }

    @Override
    public AwsReply answer(AwsCall call) throws InterruptedException {
        Matcher path = INVOCATIONS.matcher(call.path());
        if (!path.matches() || !call.method().equals("POST")) {
            return AwsReply.jsonError(404, "UnknownOperationException", "Only Invoke is spoken here.");
        }
        String named = URLDecoder.decode(path.group(1), StandardCharsets.UTF_8);
        Matcher name = NAME.matcher(named);
        Optional<FunctionHost> function =
                name.matches() ? functions.apply(call.region(), name.group(1)) : Optional.empty();
        if (function.isEmpty()) {
            return AwsReply.jsonError(404, "ResourceNotFoundException", "Function not found: " + named);
        }
        String event = call.body().isBlank() ? "{}" : call.body();
        return switch (call.header("x-amz-invocation-type")) {
            case "Event" -> {
                async.accept(call.region(), function.get(), event, event);
                yield new AwsReply(202, Map.of(), "");
            }
            case "DryRun" -> new AwsReply(204, Map.of(), "");
            default -> answer(function.get(), function.get().invoke(event));
        };
    }

    private static AwsReply answer(FunctionHost function, Invocation invocation) {
        return switch (invocation) {
            case Invocation.Answered(String json) -> payload(json);
            case Invocation.Throttled _ ->
                AwsReply.jsonError(429, "TooManyRequestsException", "All execution environments are busy.");
            case Invocation.Failed(Exception cause) ->
                failure(String.valueOf(cause.getMessage()), cause.getClass().getName());
            case Invocation.TimedOut _ -> failure(function.name() + " timed out", "Sandbox.Timedout");
        };
    }

    private static AwsReply failure(String message, String type) {
        return payload(Json.write(Map.of("errorMessage", message, "errorType", type)))
                .with("X-Amz-Function-Error", "Unhandled");
    }

    private static AwsReply payload(String json) {
        return new AwsReply(
                200, Map.of("Content-Type", "application/json", "X-Amz-Executed-Version", FunctionHost.VERSION), json);
    }
}
