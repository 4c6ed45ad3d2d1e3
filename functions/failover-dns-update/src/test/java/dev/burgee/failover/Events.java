package dev.burgee.failover;

import dev.burgee.json.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as Lambda passes them. */
final class Events {
    static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:burgee-cache";
    static final String GROUP = "ldgnf-burgee-euw1";
    static final String SCHEDULE = """
            {"version":"0","id":"89d1a02d","detail-type":"Scheduled Event","source":"aws.events","account":"123456789012",
             "time":"2026-11-21T05:00:00Z","region":"eu-west-1","resources":[],"detail":{}}""";

    private Events() {}

    /** One invocation with these messages on the topic. */
    static String sns(String... messages) {
        return Json.write(Map.of(
                "Records",
                Arrays.stream(messages)
                        .map(message -> snsRecord(TOPIC, message))
                        .toList()));
    }

    static Map<String, @Nullable Object> snsRecord(String topic, @Nullable Object message) {
        Map<String, @Nullable Object> sns = new LinkedHashMap<>();
        sns.put("Type", "Notification");
        sns.put("MessageId", "95df01b4-ee98-5cb9-9903-4c221d41eb5e");
        sns.put("TopicArn", topic);
        sns.put("Subject", null);
        sns.put("Message", message);
        sns.put("Timestamp", "2026-11-21T05:00:00.000Z");
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("EventSource", "aws:sns");
        record.put("EventVersion", "1.0");
        record.put("EventSubscriptionArn", topic + ":2bcfbf39");
        record.put("Sns", sns);
        return record;
    }

    /** The JSON form of a notification. */
    static String json(String event, String group) {
        return Json.write(Map.of("ElastiCache:" + event, group));
    }

    static String promoted(String group) {
        return json("ReplicationGroupPromotedAsPrimary", group);
    }
}
