package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Stands in for the topics that ElastiCache publishes to, one per region, each subscribed by its region's failover
 * function: a message arrives as Lambda passes SNS's records. Thread-safe.
 */
final class SnsStandIn {
    private final Function<Region, FunctionHost> subscriber;
    private final AsyncInvocations async;

    SnsStandIn(Function<Region, FunctionHost> subscriber, AsyncInvocations async) {
        this.subscriber = subscriber;
        this.async = async;
    }

    static String topicOf(Region region) {
        return "arn:aws:sns:" + region + ":000000000000:burgee-cache-" + region;
    }

    /** What ElastiCache says of a promotion; to be seen, and not believed. */
    void publishPromotion(Region region) {
        String group = GlobalDatastore.groupOf(region);
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("ElastiCache:ReplicationGroupPromotedAsPrimary", group);
        message.put("Replication Group ID", group);
        publish(region, Json.write(message));
    }

    /** Publishes a message as it is. */
    void publish(Region region, String message) {
        async.accept(region, subscriber.apply(region), event(region, message), message);
    }

    private static String event(Region region, String message) {
        Map<String, Object> sns = new LinkedHashMap<>();
        sns.put("SignatureVersion", "1");
        sns.put("Timestamp", Instant.now().toString());
        sns.put("Signature", "bm90IHNpZ25lZA==");
        sns.put("SigningCertUrl", "https://sns." + region + ".amazonaws.com/SimpleNotificationService.pem");
        sns.put("MessageId", UUID.randomUUID().toString());
        sns.put("Message", message);
        sns.put("MessageAttributes", Map.of());
        sns.put("Type", "Notification");
        sns.put("UnsubscribeUrl", "https://sns." + region + ".amazonaws.com/?Action=Unsubscribe");
        sns.put("TopicArn", topicOf(region));
        sns.put("Subject", "ElastiCache Notification");
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("EventVersion", "1.0");
        one.put("EventSubscriptionArn", topicOf(region) + ":" + new UUID(0, 1));
        one.put("EventSource", "aws:sns");
        one.put("Sns", sns);
        return Json.write(Map.of("Records", List.of(one)));
    }
}
