package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.burgee.json.Json;
import dev.burgee.read.ReadFlagHandler;
import dev.burgee.region.Region;
import dev.burgee.servers.DynamoNode;
import dev.burgee.servers.RedisNode;
import dev.burgee.topology.Topology;
import dev.burgee.topology.TopologyParser;
import dev.burgee.write.WriteFlagHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One region's functions over real servers, composed by their own wiring from an environment as Lambda would set it. Each
 * answer is checked against {@code docs/openapi.yaml}.
 */
final class ApiWorld implements AutoCloseable {
    static final Region REGION = new Region("us-east-1");
    static final String REDIS_PASSWORD = "redis-password-canary";
    /** Generous, because the machine of a test may be busy: what is tested here are answers and not their speed. */
    private static final Map<String, String> LIMITS = Map.of(
            "BURGEE_LOCAL_CONNECT_MS", "2000",
            "BURGEE_LOCAL_READ_MS", "1000",
            "BURGEE_CROSS_READ_MS", "1000",
            "BURGEE_CROSS_WRITE_MS", "2000",
            "BURGEE_LEDGER_CALL_MS", "3000");

    private final RedisNode redis = new RedisNode("api", 0, "burgee", REDIS_PASSWORD);
    private final DynamoNode dynamo = DynamoNode.start();
    private final SecretsStandIn secrets = SecretsStandIn.start(REGION);
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ApiDocument document = ApiDocument.read();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final RequestStreamHandler read;
    private final RequestStreamHandler write;

    private ApiWorld(boolean isReachable) {
        redis.start();
        dynamo.createTable(FunctionEnvironment.TABLE);
        if (isReachable) {
            secrets.put(FunctionEnvironment.TOPOLOGY_SECRET, topologySecret());
        }
        secrets.put(FunctionEnvironment.KEYS_SECRET, keys());
        PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
        read = new ReadFlagHandler(environment("read-flag"), out);
        write = new WriteFlagHandler(environment("write-flag"), out);
    }

    static ApiWorld start() {
        return new ApiWorld(true);
    }

    /** One whose functions have never learnt where caches and ledger are. */
    static ApiWorld unreachable() {
        return new ApiWorld(false);
    }

    private Map<String, String> environment(String function) {
        return FunctionEnvironment.variables(REGION, function, secrets.endpoint(), LIMITS);
    }

    /** The dev keys, under names that are not the keys themselves: names are logged, keys never. */
    private static String keys() {
        return DevKey.secret().replace("\"name\":\"dev-", "\"name\":\"caller-");
    }

    private String topologySecret() {
        return Json.write(Map.of(
                "primary", REGION.code(),
                "username", "burgee",
                "password", REDIS_PASSWORD,
                "regions", Map.of(REGION.code(), Map.of("cache", redis.uri().toString())),
                "ledger",
                        Map.of(
                                "table",
                                FunctionEnvironment.TABLE,
                                "regions",
                                Map.of(
                                        REGION.code(),
                                        Map.of("endpoint", dynamo.endpoint().toString())))));
    }

    /** What the functions are told. */
    Topology topology() {
        return TopologyParser.parse(topologySecret());
    }

    RedisNode redis() {
        return redis;
    }

    DynamoNode dynamo() {
        return dynamo;
    }

    SecretsStandIn secrets() {
        return secrets;
    }

    ApiDocument document() {
        return document;
    }

    ApiAnswer call(ApiRequest request) {
        return call(function(request.path()), request.event(), request.method(), request.path());
    }

    /** Calls the function that API Gateway would. */
    RequestStreamHandler function(String path) {
        return path.contains("/api/admin") ? write : read;
    }

    RequestStreamHandler readFunction() {
        return read;
    }

    RequestStreamHandler writeFunction() {
        return write;
    }

    /** Calls a function, and checks the answer against the document. */
    ApiAnswer call(RequestStreamHandler function, String event, String method, String path) {
        ApiAnswer answer = ApiAnswer.of(invoke(function, event.getBytes(StandardCharsets.UTF_8)));
        answered.add(document.operation(method, path)
                .map(operation -> operation.name(answer.status()))
                .orElse("outside " + answer.status()));
        assertThat(document.problems(method, path, answer))
                .as("%s %s: %s", method, path, answer)
                .isEmpty();
        return answer;
    }

    /** What is wrong with the answer to an event that may be rubbish. */
    List<String> undescribed(RequestStreamHandler function, byte[] event, ApiAnswer answer) {
        try {
            Map<?, ?> tree = ApiDocument.map(JSON.std.anyFrom(new String(event, StandardCharsets.UTF_8)));
            Map<?, ?> context = ApiDocument.map(tree.get("requestContext"));
            String method = String.valueOf(ApiDocument.map(context.get("http")).get("method"));
            String path = String.valueOf(tree.get("rawPath"));
            String stage = "/" + context.get("stage") + "/";
            String route = path.startsWith(stage) ? path.substring(stage.length() - 1) : path;
            return document.problems(method, function.equals(function(route)) ? route : "", answer);
        } catch (IOException e) {
            return document.problems("", "", answer);
        }
    }

    static String invoke(RequestStreamHandler function, byte[] event) {
        var out = new ByteArrayOutputStream();
        try {
            function.handleRequest(
                    new ByteArrayInputStream(event), out, new FunctionContext("test", Duration.ofSeconds(15)));
        } catch (IOException e) {
            throw new AssertionError("the function threw", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Method, template and status of every answer so far. */
    Set<String> answered() {
        return new TreeSet<>(answered);
    }

    /** All that the functions have written to standard output so far. */
    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /** The whole ledger table, item by item, as text. */
    Set<String> stored() {
        try (DynamoDbClient client = dynamo.client()) {
            return client.scanPaginator(request -> request.tableName(FunctionEnvironment.TABLE)).items().stream()
                    .map(ApiWorld::text)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String text(Map<String, AttributeValue> item) {
        Map<String, @Nullable Object> sorted = new LinkedHashMap<>();
        item.keySet().stream().sorted().forEach(name -> sorted.put(name, String.valueOf(item.get(name))));
        return sorted.toString();
    }

    @Override
    public void close() {
        secrets.close();
        dynamo.close();
        redis.close();
    }
}
