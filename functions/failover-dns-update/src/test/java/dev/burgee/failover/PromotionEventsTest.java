package dev.burgee.failover;

import static dev.burgee.failover.Events.GROUP;
import static dev.burgee.failover.Events.TOPIC;
import static dev.burgee.failover.Events.promoted;
import static dev.burgee.failover.Events.sns;
import static dev.burgee.failover.Events.snsRecord;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PromotionEventsTest {
    private static final PromotionEvents EVENTS = new PromotionEvents(Optional.of(GROUP), Optional.of(TOPIC));

    private record Ignored(String name, String event, Why why) {}

    @TestFactory
    Stream<DynamicTest> hearsAPromotionInEveryKnownForm() {
        return Stream.of(
                        promoted(GROUP),
                        "{\"Cache Cluster ID\":\"x-001\",\"ElastiCache:ReplicationGroupPromotedAsPrimary\":\"" + GROUP
                                + "\",\"Replication Group ID\":\"" + GROUP + "\"}",
                        "{\"Replication Group ID\":\"" + GROUP
                                + "\",\"ElastiCache:ReplicationGroupPromotedAsPrimary\":\"" + GROUP + "\"}",
                        " \n" + promoted(GROUP) + "\n",
                        "ElastiCache:ReplicationGroupPromotedAsPrimary : " + GROUP,
                        "ElastiCache:ReplicationGroupPromotedAsPrimary: " + GROUP + "\n",
                        "ElastiCache:ReplicationGroupPromotedAsPrimary :" + GROUP.toUpperCase(java.util.Locale.ROOT),
                        // two events in one message: the promotion counts
                        "{\"ElastiCache:FailoverComplete\":\"" + GROUP
                                + "\",\"ElastiCache:ReplicationGroupPromotedAsPrimary\":\"" + GROUP + "\"}")
                .map(message -> DynamicTest.dynamicTest(
                        message.strip(),
                        () -> assertThat(read(sns(message))).isEqualTo(new Heard(1, false, Map.of()))));
    }

    @TestFactory
    Stream<DynamicTest> takesTheScheduleAndAnEmptyObjectForAReasonToLook() {
        return Stream.of(Events.SCHEDULE, "{\"source\":\"aws.scheduler\",\"detail\":{}}", "{}", " {} ")
                .map(event -> DynamicTest.dynamicTest(
                        event, () -> assertThat(read(event).trigger()).contains(Trigger.SCHEDULE)));
    }

    @TestFactory
    Stream<DynamicTest> ignoresAndCountsEverythingElse() {
        String failover = "{\"ElastiCache:FailoverComplete\":\"" + GROUP
                + "\",\"Cache Cluster ID\":\"x-001\",\"Replication Group ID\":\"" + GROUP + "\"}";
        return Stream.of(
                        new Ignored("no bytes", "", Why.EMPTY),
                        new Ignored("white space", " \n ", Why.EMPTY),
                        new Ignored("no records", "{\"Records\":[]}", Why.EMPTY),
                        new Ignored("no message", records(snsRecord(TOPIC, null)), Why.EMPTY),
                        new Ignored("blank message", sns("  "), Why.EMPTY),
                        new Ignored("not JSON", "ElastiCache", Why.NOT_JSON),
                        new Ignored("half an event", "{\"Records\":[{\"EventSource\":\"aws:s", Why.NOT_JSON),
                        new Ignored("members twice", "{\"Records\":[],\"Records\":[]}", Why.NOT_JSON),
                        new Ignored("deeply nested", "[".repeat(200) + "]".repeat(200), Why.NOT_JSON),
                        new Ignored("message is prose", sns("rg-1 was promoted"), Why.NOT_JSON),
                        new Ignored("message is half JSON", sns("{\"ElastiCache:Rep"), Why.NOT_JSON),
                        new Ignored("an array", "[]", Why.MALFORMED),
                        new Ignored("null", "null", Why.MALFORMED),
                        new Ignored("records is text", "{\"Records\":\"x\"}", Why.MALFORMED),
                        new Ignored("record is null", "{\"Records\":[null]}", Why.MALFORMED),
                        new Ignored("no Sns", "{\"Records\":[{\"EventSource\":\"aws:sns\"}]}", Why.MALFORMED),
                        new Ignored("message is an object", records(snsRecord(TOPIC, Map.of())), Why.MALFORMED),
                        new Ignored("S3", "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}", Why.OTHER_SOURCE),
                        new Ignored(
                                "SQS around it",
                                "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"x\"}]}",
                                Why.OTHER_SOURCE),
                        new Ignored("another service", "{\"source\":\"aws.elasticache\"}", Why.OTHER_SOURCE),
                        new Ignored("an HTTP request", "{\"routeKey\":\"GET /\"}", Why.OTHER_SOURCE),
                        new Ignored(
                                "another topic", records(snsRecord(TOPIC + "-2", promoted(GROUP))), Why.OTHER_TOPIC),
                        new Ignored("no topic", records(snsRecord("", promoted(GROUP))), Why.OTHER_TOPIC),
                        new Ignored("an alarm", sns("{\"AlarmName\":\"cpu\"}"), Why.NOT_ELASTICACHE),
                        new Ignored("a number", sns("42"), Why.NOT_ELASTICACHE),
                        new Ignored("failover of a node", sns(failover), Why.OTHER_EVENT),
                        new Ignored("unheard of", sns(Events.json("GroupSold", GROUP)), Why.OTHER_EVENT),
                        new Ignored(
                                "almost the name",
                                sns(Events.json("ReplicationGroupPromotedAsPrimaryX", GROUP)),
                                Why.OTHER_EVENT),
                        new Ignored("text of a node", sns("ElastiCache:FailoverComplete : " + GROUP), Why.OTHER_EVENT),
                        new Ignored("another group", sns(promoted("rg-2")), Why.OTHER_GROUP),
                        new Ignored("a longer name", sns(promoted(GROUP + "-2")), Why.OTHER_GROUP),
                        new Ignored(
                                "text of another group",
                                sns("ElastiCache:ReplicationGroupPromotedAsPrimary : rg-2"),
                                Why.OTHER_GROUP),
                        new Ignored(
                                "text of no group",
                                sns("ElastiCache:ReplicationGroupPromotedAsPrimary :"),
                                Why.OTHER_GROUP),
                        new Ignored(
                                "groups in a list",
                                sns("{\"ElastiCache:ReplicationGroupPromotedAsPrimary\":[\"" + GROUP + "\"]}"),
                                Why.OTHER_GROUP),
                        new Ignored(
                                "a long message",
                                sns(promoted(GROUP) + " ".repeat(PromotionEvents.MESSAGE_MAX)),
                                Why.TOO_LARGE),
                        new Ignored("a long event", " ".repeat(PromotionEvents.BYTES_MAX) + "{}", Why.TOO_LARGE))
                .map(row -> DynamicTest.dynamicTest(row.name, () -> {
                    Heard heard = read(row.event);
                    assertThat(heard).isEqualTo(new Heard(0, false, Map.of(row.why, 1)));
                    assertThat(heard.trigger()).isEmpty();
                }));
    }

    @Test
    void hundredsOfRecordsAreOneReasonToLook() {
        String[] messages = Collections.nCopies(300, promoted(GROUP)).toArray(String[]::new);
        messages[7] = promoted("rg-2");
        messages[8] = "nonsense";

        Heard heard = read(sns(messages));

        assertThat(heard).isEqualTo(new Heard(298, false, Map.of(Why.OTHER_GROUP, 1, Why.NOT_JSON, 1)));
        assertThat(heard.trigger()).contains(Trigger.EVENT);
    }

    @Test
    void recordsBeyondTheLimitAreCountedAndNotRead() {
        String[] messages = Collections.nCopies(PromotionEvents.RECORDS_MAX + 20, promoted("rg-2"))
                .toArray(String[]::new);

        assertThat(read(sns(messages)).ignored())
                .isEqualTo(Map.of(Why.OTHER_GROUP, PromotionEvents.RECORDS_MAX, Why.TOO_MANY, 20));
    }

    @Test
    void readsNoMoreOfAnEndlessEventThanItsLimit() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        };

        assertThat(EVENTS.read(endless).ignored()).isEqualTo(Map.of(Why.TOO_LARGE, 1));
    }

    @Test
    void withoutAGroupNoEventIsAboutUs() {
        PromotionEvents selfManaged = new PromotionEvents(Optional.empty(), Optional.empty());

        assertThat(read(selfManaged, sns(promoted(GROUP))).ignored()).isEqualTo(Map.of(Why.OTHER_GROUP, 1));
    }

    @Test
    void withoutATopicAnyWillDo() {
        PromotionEvents open = new PromotionEvents(Optional.of(GROUP), Optional.empty());

        assertThat(read(open, records(snsRecord("arn:any", promoted(GROUP)))).trigger())
                .contains(Trigger.EVENT);
    }

    private static String records(Map<String, ?> one) {
        return Json.write(Map.of("Records", List.of(one)));
    }

    private static Heard read(String event) {
        return read(EVENTS, event);
    }

    private static Heard read(PromotionEvents events, String event) {
        try {
            return events.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
