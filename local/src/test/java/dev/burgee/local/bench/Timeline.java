package dev.burgee.local.bench;

import dev.burgee.local.runtime.FunctionProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the time of a cold start goes, told by the moments at which the JVM loads certain classes: nothing needs to be built
 * into a function for that. Writing the log of classes makes it a bit slower.
 */
final class Timeline {
    private static final Pattern LOADED = Pattern.compile("\\[(\\d+(?:\\.\\d+)?)s\\]\\s*(\\S+) source:.*");

    /** A part of the time ends when this class is first loaded. */
    record Mark(String type, String part) {}

    static final List<Mark> READ = List.of(
            new Mark("com.amazonaws.services.lambda.runtime.api.client.AWSLambda", "JVM"),
            new Mark("dev.burgee.read.ReadFlagHandler", "runtime client"),
            new Mark("dev.burgee.foundation.Restore", "wiring"),
            new Mark("dev.burgee.http.EventReader", "runtime client, until the event is there"),
            new Mark("dev.burgee.aws.SignedPost", "event read, route and key found"),
            new Mark("dev.burgee.auth.KeyRing$Parser", "secrets fetched"),
            new Mark("dev.burgee.cache.RedisCaches$Opened", "key checked, topology read"),
            new Mark("dev.burgee.cache.CachedFlag", "connected to the replica, flag fetched"),
            new Mark("dev.burgee.http.ResponseWriter", "answer made, metrics written"));

    static final List<Mark> BASELINE = List.of(
            new Mark("com.amazonaws.services.lambda.runtime.api.client.AWSLambda", "JVM"),
            new Mark("dev.burgee.baseline.BaselineHandler", "runtime client"),
            new Mark("software.amazon.awssdk.services.secretsmanager.SecretsManagerClient", "Jackson's mapper made"),
            new Mark("software.amazon.awssdk.services.dynamodb.DynamoDbClient", "client of Secrets Manager made"),
            new Mark("software.amazon.lambda.powertools.metrics.MetricsFactory", "client of DynamoDB made"),
            new Mark("dev.burgee.baseline.Keys", "metrics made"),
            new Mark("redis.clients.jedis.RedisClient", "secrets fetched and read"),
            new Mark("com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent", "Redis client made"),
            new Mark("dev.burgee.baseline.CachedFlag", "event bound, connected to the replica, flag fetched"),
            new Mark("dev.burgee.baseline.Flag", "key checked"),
            new Mark(
                    "com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse$APIGatewayV2HTTPResponseBuilder",
                    "flag read and written"));

    private final Map<String, Double> rows;
    private final int classes;

    private Timeline(Map<String, Double> rows, int classes) {
        this.rows = rows;
        this.classes = classes;
    }

    /**
     * Starts a function once more, with the log.
     *
     * @param folder for the log
     */
    static Timeline of(FunctionProcess.Plan plan, String event, List<Mark> marks, Path folder) throws IOException {
        Path log = folder.resolve(plan.name() + ".classes");
        ColdStart.of(plan.withJvmOptions("-Xlog:class+load:file=" + log + ":uptime"), event);
        List<String> lines = Files.readAllLines(log);
        Map<String, Double> atMs = new LinkedHashMap<>();
        double endMs = 0;
        for (String line : lines) {
            Matcher loaded = LOADED.matcher(line);
            if (loaded.matches()) {
                endMs = Double.parseDouble(loaded.group(1)) * 1_000;
                atMs.putIfAbsent(loaded.group(2), endMs);
            }
        }
        Map<String, Double> rows = new LinkedHashMap<>();
        double since = 0;
        for (Mark mark : marks) {
            Double at = atMs.get(mark.type());
            if (at != null && at >= since) {
                rows.put(mark.part(), at - since);
                since = at;
            }
        }
        rows.put("the rest", endMs - since);
        return new Timeline(rows, lines.size());
    }

    /** Row by row the median. */
    static Map<String, Double> median(List<Timeline> all) {
        Map<String, Double> rows = new LinkedHashMap<>();
        all.getFirst().rows.keySet().forEach(part -> {
            List<Double> values = new ArrayList<>();
            all.forEach(each -> values.add(each.rows.getOrDefault(part, 0.0)));
            rows.put(part, Quantiles.median(values));
        });
        return rows;
    }

    /** How many classes were loaded. */
    int classes() {
        return classes;
    }
}
