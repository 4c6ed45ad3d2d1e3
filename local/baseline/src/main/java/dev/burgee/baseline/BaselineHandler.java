package dev.burgee.baseline;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.MetricsFactory;
import software.amazon.lambda.powertools.metrics.model.DimensionSet;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;

/**
 * {@code GET /api/config/flags/{flagKey}} by AWS's advice for Java functions: clients and secrets in the constructor, the
 * event as a POJO.
 */
public final class BaselineHandler
        implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>, AutoCloseable {
    private static final String HASH = "burgee:flags";
    private static final String BEARER = "Bearer ";

    private final ObjectMapper json = new ObjectMapper();
    private final SecretsManagerClient secrets = SecretsManagerClient.create();
    private final DynamoDbClient dynamo = DynamoDbClient.create();
    private final Metrics metrics = MetricsFactory.getMetricsInstance();
    private final String region = variable("AWS_REGION");
    private final Keys keys;
    private final String table;
    private final RedisClient redis;

    /** As Lambda makes it. */
    public BaselineHandler() throws JsonProcessingException {
        metrics.setDefaultDimensions(DimensionSet.of("region", region, "function", "baseline"));
        keys = json.readValue(secret("BURGEE_KEYS_SECRET"), Keys.class);
        JsonNode topology = json.readTree(secret("BURGEE_TOPOLOGY_SECRET"));
        table = topology.path("ledger").path("table").asText();
        URI cache =
                URI.create(topology.path("regions").path(region).path("cache").asText());
        var config = DefaultJedisClientConfig.builder()
                .user(topology.path("username").asText())
                .password(topology.path("password").asText());
        if (cache.getScheme().equals("rediss")) {
            config.sslOptions(SslOptions.defaults());
        }
        redis = RedisClient.builder()
                .hostAndPort(new HostAndPort(cache.getHost(), cache.getPort()))
                .clientConfig(config.build())
                .build();
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        long start = System.nanoTime();
        metrics.captureColdStartMetric(context);
        try {
            metrics.addMetric("Requests", 1, MetricUnit.COUNT);
            return answer(event);
        } catch (JsonProcessingException e) {
            metrics.addMetric("ServerErrors", 1, MetricUnit.COUNT);
            return response(500, Map.of(), "{\"title\":\"Internal error\"}");
        } finally {
            metrics.addMetric("ReadLatency", (System.nanoTime() - start) / 1e6, MetricUnit.MILLISECONDS);
            metrics.flush();
        }
    }

    @Override
    public void close() {
        redis.close();
        dynamo.close();
        secrets.close();
    }

    private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) throws JsonProcessingException {
        String authorization = event.getHeaders().getOrDefault("authorization", "");
        if (!authorization.startsWith(BEARER) || !keys.has(authorization.substring(BEARER.length()))) {
            return response(401, Map.of(), "{\"title\":\"Unauthorized\"}");
        }
        String key = event.getPathParameters().getOrDefault("flagKey", "");
        CachedFlag cached = fromCache(key);
        String source = "replica";
        if (cached == null) {
            cached = fromTable(key);
            source = "database";
            metrics.addMetric("CacheMiss", 1, MetricUnit.COUNT);
        } else {
            metrics.addMetric("CacheHit", 1, MetricUnit.COUNT);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Cache-Control", "no-cache");
        headers.put("Burgee-Position", Long.toString(cached.position()));
        headers.put("Burgee-Source", source);
        headers.put("Burgee-Region", region);
        if (cached.json() == null) {
            return response(404, headers, "{\"title\":\"Not found\"}");
        }
        Flag flag = json.readValue(cached.json(), Flag.class);
        headers.put("ETag", "\"" + flag.version() + "\"");
        return response(200, headers, json.writeValueAsString(flag));
    }

    private @Nullable CachedFlag fromCache(String key) {
        try {
            List<String> fields = redis.hmget(HASH, "#position", "#checked", "#home", "f:" + key);
            String position = fields.get(0);
            return position == null ? null : CachedFlag.of(position, fields.get(3));
        } catch (JedisException e) {
            return null;
        }
    }

    private CachedFlag fromTable(String key) {
        Map<String, AttributeValue> item = dynamo.getItem(get -> get.tableName(table)
                        .key(Map.of("pk", AttributeValue.fromS("state"), "sk", AttributeValue.fromS(key)))
                        .consistentRead(true))
                .item();
        AttributeValue version = item.get("version");
        AttributeValue document = item.get("json");
        return version == null || document == null
                ? new CachedFlag(0, null, null)
                : new CachedFlag(
                        Long.parseLong(version.n()), version.n(), document.b().asUtf8String());
    }

    private String secret(String variable) {
        return secrets.getSecretValue(get -> get.secretId(variable(variable))).secretString();
    }

    private static APIGatewayV2HTTPResponse response(int status, Map<String, String> headers, String body) {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(headers)
                .withBody(body)
                .withIsBase64Encoded(false)
                .build();
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set");
        }
        return value;
    }
}
