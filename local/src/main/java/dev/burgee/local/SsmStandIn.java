package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Stands in for the Parameter Store of all regions: GetParameter and PutParameter. Thread-safe. */
final class SsmStandIn implements AwsStandIn.Service {
    private record Key(Region region, String name) {}

    private record Parameter(String type, String value, long version, Instant at) {}

    private final Map<Key, Parameter> parameters = new ConcurrentHashMap<>();

    @Override
    public AwsReply answer(AwsCall call) {
        Map<?, ?> request;
        try {
            request = Json.parse(call.body()) instanceof Map<?, ?> members ? members : Map.of();
        } catch (MalformedJsonException e) {
            return AwsReply.jsonError(400, "SerializationException", String.valueOf(e.getMessage()));
        }
        var key = new Key(call.region(), text(request, "Name"));
        return switch (call.header("x-amz-target")) {
            case "AmazonSSM.GetParameter" -> get(key);
            case "AmazonSSM.PutParameter" -> put(key, request);
            default ->
                AwsReply.jsonError(
                        400, "UnknownOperationException", "Only GetParameter and PutParameter are spoken here.");
        };
    }

    private AwsReply get(Key key) {
        Parameter parameter = parameters.get(key);
        if (parameter == null) {
            return AwsReply.jsonError(400, "ParameterNotFound", "Parameter " + key.name() + " not found.");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("Name", key.name());
        members.put("Type", parameter.type());
        members.put("Value", parameter.value());
        members.put("Version", parameter.version());
        members.put("LastModifiedDate", parameter.at().getEpochSecond());
        members.put("ARN", "arn:aws:ssm:" + key.region() + ":000000000000:parameter" + key.name());
        members.put("DataType", "text");
        return AwsReply.json(Map.of("Parameter", members));
    }

    private synchronized AwsReply put(Key key, Map<?, ?> request) {
        Parameter before = parameters.get(key);
        if (before != null && !Boolean.TRUE.equals(request.get("Overwrite"))) {
            return AwsReply.jsonError(
                    400,
                    "ParameterAlreadyExists",
                    "The parameter already exists. To overwrite this value, set the overwrite option.");
        }
        String type = request.containsKey("Type") ? text(request, "Type") : "String";
        long version = before == null ? 1 : before.version() + 1;
        parameters.put(key, new Parameter(type, text(request, "Value"), version, Instant.now()));
        return AwsReply.json(Map.of("Version", version, "Tier", "Standard"));
    }

    private static String text(Map<?, ?> request, String name) {
        return request.get(name) instanceof String text ? text : "";
    }
}
