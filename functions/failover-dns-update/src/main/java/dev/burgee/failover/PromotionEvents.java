package dev.burgee.failover;

import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events that Lambda passes: SNS records of ElastiCache in both known forms, EventBridge's schedule, and an
 * empty object. Never fails for what an event says: what is of no use is counted, because a retry would not make it
 * better. An event is a hint that there may be something to see; nothing is believed of it. Immutable.
 *
 * <p>The forms of a message, by AWS's documentation and blog:
 *
 * <pre>
 * {"ElastiCache:ReplicationGroupPromotedAsPrimary":"rg-1", …}     members in any order
 * ElastiCache:ReplicationGroupPromotedAsPrimary : rg-1
 * </pre>
 */
final class PromotionEvents {
    /** Lambda itself takes at most 1 MiB for an asynchronous invocation. */
    static final int BYTES_MAX = 1 << 20;

    /** SNS puts one record into an invocation; more than some is somebody playing. */
    static final int RECORDS_MAX = 500;

    /** Characters; a notification of ElastiCache has a few hundred. */
    static final int MESSAGE_MAX = 16_384;

    private static final String PREFIX = "ElastiCache:";
    private static final String PROMOTED = PREFIX + "ReplicationGroupPromotedAsPrimary";
    private static final Pattern TEXT_FORM = Pattern.compile("(ElastiCache:[A-Za-z]+)\\s*:\\s*(\\S*)");
    /** EventBridge's rules and its Scheduler. */
    private static final List<String> SCHEDULES = List.of("aws.events", "aws.scheduler");

    private final @Nullable String group;
    private final @Nullable String topic;

    /**
     * Makes a reader.
     *
     * @param group this region's own replication group; empty: no event is about us
     * @param topic ARN of the only topic that is listened to; empty: not checked
     */
    PromotionEvents(Optional<String> group, Optional<String> topic) {
        this.group = group.orElse(null);
        this.topic = topic.orElse(null);
    }

    /** Reads one event; of an endless one just so much that it is known to be too large. */
    Heard read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
            return ignored(Why.TOO_LARGE);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            return ignored(Why.EMPTY);
        }
        try {
            return Json.parse(text) instanceof Map<?, ?> event ? event(event) : ignored(Why.MALFORMED);
        } catch (MalformedJsonException _) {
            return ignored(Why.NOT_JSON);
        }
    }

    private Heard event(Map<?, ?> event) {
        if (event.containsKey("Records")) {
            return event.get("Records") instanceof List<?> records ? records(records) : ignored(Why.MALFORMED);
        }
        boolean schedule = event.isEmpty() || SCHEDULES.contains(String.valueOf(event.get("source")));
        return schedule ? new Heard(0, true, Map.of()) : ignored(Why.OTHER_SOURCE);
    }

    private Heard records(List<?> records) {
        if (records.isEmpty()) {
            return ignored(Why.EMPTY);
        }
        Map<Why, Integer> ignored = new EnumMap<>(Why.class);
        int promotions = 0;
        for (Object each : records.subList(0, Math.min(records.size(), RECORDS_MAX))) {
            Why why = record(each);
            if (why == null) {
                promotions++;
            } else {
                ignored.merge(why, 1, Integer::sum);
            }
        }
        if (records.size() > RECORDS_MAX) {
            ignored.put(Why.TOO_MANY, records.size() - RECORDS_MAX);
        }
        return new Heard(promotions, false, ignored);
    }

    /** Null for a promotion of our own group. */
    private @Nullable Why record(@Nullable Object each) {
        if (!(each instanceof Map<?, ?> record)) {
            return Why.MALFORMED;
        }
        if (!"aws:sns".equals(record.get("EventSource"))) {
            return Why.OTHER_SOURCE;
        }
        if (!(record.get("Sns") instanceof Map<?, ?> sns)) {
            return Why.MALFORMED;
        }
        if (topic != null && !topic.equals(sns.get("TopicArn"))) {
            return Why.OTHER_TOPIC;
        }
        return switch (sns.get("Message")) {
            case null -> Why.EMPTY;
            case String text when text.length() > MESSAGE_MAX -> Why.TOO_LARGE;
            case String text -> message(text.strip());
            default -> Why.MALFORMED;
        };
    }

    private @Nullable Why message(String text) {
        if (text.isEmpty()) {
            return Why.EMPTY;
        }
        Matcher form = TEXT_FORM.matcher(text);
        if (form.matches()) {
            return said(form.group(1), form.group(2));
        }
        try {
            return Json.parse(text) instanceof Map<?, ?> members ? members(members) : Why.NOT_ELASTICACHE;
        } catch (MalformedJsonException _) {
            return Why.NOT_JSON;
        }
    }

    /** The other members (cluster, group) come in any order and say nothing more. */
    private @Nullable Why members(Map<?, ?> members) {
        Why why = Why.NOT_ELASTICACHE;
        for (Map.Entry<?, ?> member : members.entrySet()) {
            String name = String.valueOf(member.getKey());
            if (name.startsWith(PREFIX)) {
                why = said(name.strip(), member.getValue());
                if (why == null) {
                    return null;
                }
            }
        }
        return why;
    }

    private @Nullable Why said(String event, @Nullable Object about) {
        if (!event.equals(PROMOTED)) {
            return Why.OTHER_EVENT;
        }
        boolean own =
                group != null && about instanceof String named && named.strip().equalsIgnoreCase(group);
        return own ? null : Why.OTHER_GROUP;
    }

    private static Heard ignored(Why why) {
        return new Heard(0, false, Map.of(why, 1));
    }
}
