package dev.burgee.failover;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** region-pulse as a Lambda function, invoked and waited for. Thread-safe. */
final class LambdaPulse implements Pulse {
    private final Region here;
    private final String function;
    private final AwsApi<LambdaClient> api;

    /**
     * Makes a caller.
     *
     * @param function name or ARN
     */
    LambdaPulse(Region here, String function, AwsApi<LambdaClient> api) {
        this.here = here;
        this.function = function;
        this.api = api;
    }

    @Override
    public PulseReport wake(ControlPlaneView controlPlane, Deadline deadline) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("action", "wake");
        event.put("controlPlane", controlPlane.word());
        if (controlPlane instanceof ControlPlaneView.Primary(var members)) {
            event.put("members", members.stream().map(Region::code).sorted().toList());
        }
        InvokeResponse answer = api.call(
                deadline,
                (client, options) -> client.invoke(request -> request.functionName(function)
                        .invocationType(InvocationType.REQUEST_RESPONSE)
                        .payload(SdkBytes.fromUtf8String(Json.write(event)))
                        .overrideConfiguration(options)));
        if (answer.functionError() != null) {
            // its message is in its own log, and may be long
            throw new AwsFailureException("region-pulse failed (" + answer.functionError() + "): see its log", null);
        }
        SdkBytes payload = answer.payload();
        return PulseReports.parse(payload == null ? "" : payload.asString(StandardCharsets.UTF_8), here);
    }
}
