package dev.burgee.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failover.WireServer.Answer;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;

/** The query protocol of ElastiCache, API version 2015-02-02, in the shapes of its service model. */
class ElastiCacheControlPlaneIT {
    private static final String OWN = member("burgee-euw1", "eu-west-1", "SECONDARY", "associated");
    private static final String OWN_PRIMARY = member("burgee-euw1", "eu-west-1", "PRIMARY", "associated");
    private static final String OTHER = member("burgee-use1", "us-east-1", "SECONDARY", "associated");
    private static final String OTHER_PRIMARY = member("burgee-use1", "us-east-1", "PRIMARY", "associated");

    private final WireServer server = new WireServer();
    private final AwsApi<ElastiCacheClient> api =
            Wire.api("ElastiCache", server.address(), Duration.ofSeconds(10), ElastiCacheClient::builder);
    private final ControlPlane controlPlane =
            new ElastiCacheControlPlane(new ElastiCacheControlPlane.Own(Wire.HERE, "ldgnf-burgee", "burgee-euw1"), api);

    @AfterEach
    void close() {
        api.forget();
        server.close();
    }

    private record Case(String name, Answer answer, ControlPlaneView view) {}

    @TestFactory
    Stream<DynamicTest> readsTheOwnGroupsRole() {
        return Stream.of(
                        new Case(
                                "primary",
                                datastore("available", OTHER, OWN_PRIMARY),
                                new ControlPlaneView.Primary(FakeRegions.BOTH)),
                        new Case(
                                "secondary",
                                datastore("available", OTHER_PRIMARY, OWN),
                                new ControlPlaneView.Secondary(new Region("us-east-1"))),
                        new Case(
                                "changing roles",
                                datastore("modifying", OTHER_PRIMARY, OWN),
                                new ControlPlaneView.Changing("datastore is modifying")),
                        new Case(
                                "joining",
                                datastore(
                                        "available",
                                        OTHER_PRIMARY,
                                        member("burgee-euw1", "eu-west-1", "SECONDARY", "associating")),
                                new ControlPlaneView.Changing("member is associating")),
                        new Case("alone", datastore("primary-only", OWN_PRIMARY), new ControlPlaneView.Alone()),
                        new Case(
                                "no member",
                                datastore("available", OTHER_PRIMARY),
                                new ControlPlaneView.NotMember("burgee-euw1 is not a member of ldgnf-burgee")),
                        new Case(
                                "the same name in another region",
                                datastore("available", member("burgee-euw1", "us-east-1", "PRIMARY", "associated")),
                                new ControlPlaneView.NotMember("burgee-euw1 is not a member of ldgnf-burgee")),
                        new Case(
                                "no datastore",
                                error(404, "GlobalReplicationGroupNotFoundFault"),
                                new ControlPlaneView.NotMember("global datastore ldgnf-burgee does not exist")))
                .map(row -> DynamicTest.dynamicTest(row.name, () -> {
                    server.say(row.answer);
                    assertThat(controlPlane.view(Wire.ample())).isEqualTo(row.view);
                    assertThat(server.requests())
                            .singleElement()
                            .asString()
                            .contains(
                                    "Action=DescribeGlobalReplicationGroups",
                                    "GlobalReplicationGroupId=ldgnf-burgee",
                                    "ShowMemberInfo=true");
                }));
    }

    private record Unclear(String name, Answer answer, String message) {}

    @TestFactory
    Stream<DynamicTest> saysWhyItKnowsNothing() {
        String good = datastore("available", OTHER_PRIMARY, OWN).body();
        return Stream.of(
                        new Unclear(
                                "two primaries",
                                datastore("available", OTHER_PRIMARY, OWN_PRIMARY),
                                "the answer of ElastiCache is not clear: it has 2 primaries"),
                        new Unclear(
                                "no primary",
                                datastore("available", OTHER, OWN),
                                "the answer of ElastiCache is not clear: it has 0 primaries"),
                        new Unclear(
                                "twice",
                                datastore("available", OWN_PRIMARY, OWN),
                                "the answer of ElastiCache is not clear: it has burgee-euw1 more than once"),
                        new Unclear(
                                "an unheard-of role",
                                datastore(
                                        "available",
                                        OTHER_PRIMARY,
                                        member("burgee-euw1", "eu-west-1", "WITNESS", "associated")),
                                "the answer of ElastiCache is not clear: it gives burgee-euw1 the role WITNESS"),
                        new Unclear(
                                "another datastore",
                                Answer.of(200, good.replace("ldgnf-burgee", "ldgnf-other")),
                                "the answer of ElastiCache is not clear: it does not have ldgnf-burgee"),
                        new Unclear(
                                "no body",
                                Answer.of(200, ""),
                                "the answer of ElastiCache is not clear: it does not have ldgnf-burgee"),
                        new Unclear(
                                "half an answer",
                                Answer.of(200, good.substring(0, good.length() / 2)),
                                "ElastiCache was not reached, or sent what is no answer (SdkClientException)"),
                        new Unclear("denied", error(403, "AccessDenied"), "ElastiCache says AccessDenied"),
                        new Unclear("busy for long", error(400, "Throttling"), "ElastiCache says Throttling"),
                        new Unclear("down", Answer.of(503, ""), "ElastiCache says status 503"))
                .map(row -> DynamicTest.dynamicTest(row.name, () -> {
                    server.say(row.answer);
                    assertThatThrownBy(() -> controlPlane.view(Wire.ample()))
                            .isInstanceOf(AwsFailureException.class)
                            .hasMessage(row.message);
                }));
    }

    @Test
    void backsOffWhileThrottledAndThenAnswers() {
        Answer busy = error(400, "Throttling");
        server.say(busy, busy, busy, busy, datastore("available", OTHER, OWN_PRIMARY));

        assertThat(controlPlane.view(Wire.ample())).isEqualTo(new ControlPlaneView.Primary(FakeRegions.BOTH));
        assertThat(server.requests()).hasSize(5);
    }

    @Test
    void isGivenUpAtTheDeadline() {
        server.say(Answer.never());
        long start = System.nanoTime();

        assertThatThrownBy(() -> controlPlane.view(Wire.in(Duration.ofMillis(600))))
                .isInstanceOf(AwsFailureException.class)
                .hasMessageContaining("ElastiCache did not answer within");
        // making the client is part of it
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void asksForThePromotionOfTheOwnGroup() {
        server.say(Answer.of(200, """
                <FailoverGlobalReplicationGroupResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">
                <FailoverGlobalReplicationGroupResult><GlobalReplicationGroup>
                <GlobalReplicationGroupId>ldgnf-burgee</GlobalReplicationGroupId><Status>modifying</Status>
                </GlobalReplicationGroup></FailoverGlobalReplicationGroupResult>
                </FailoverGlobalReplicationGroupResponse>"""));

        controlPlane.promote(Wire.ample());

        assertThat(server.requests())
                .singleElement()
                .asString()
                .contains(
                        "Action=FailoverGlobalReplicationGroup",
                        "GlobalReplicationGroupId=ldgnf-burgee",
                        "PrimaryRegion=eu-west-1",
                        "PrimaryReplicationGroupId=burgee-euw1");
    }

    @Test
    void namesTheReasonOfARefusedPromotion() {
        server.say(error(400, "InvalidGlobalReplicationGroupState"));

        assertThatThrownBy(() -> controlPlane.promote(Wire.ample()))
                .hasMessage("ElastiCache says InvalidGlobalReplicationGroupState");
        assertThat(server.requests()).hasSize(1);
    }

    private static String member(String group, String region, String role, String status) {
        return "<GlobalReplicationGroupMember><ReplicationGroupId>" + group + "</ReplicationGroupId>"
                + "<ReplicationGroupRegion>" + region + "</ReplicationGroupRegion><Role>" + role + "</Role>"
                + "<AutomaticFailover>enabled</AutomaticFailover><Status>" + status + "</Status>"
                + "</GlobalReplicationGroupMember>";
    }

    private static Answer datastore(String status, String... members) {
        return Answer.of(
                200,
                "<DescribeGlobalReplicationGroupsResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\">"
                        + "<DescribeGlobalReplicationGroupsResult><GlobalReplicationGroups><GlobalReplicationGroup>"
                        + "<GlobalReplicationGroupId>ldgnf-burgee</GlobalReplicationGroupId>"
                        + "<GlobalReplicationGroupDescription>burgee</GlobalReplicationGroupDescription>"
                        + "<Status>" + status + "</Status><Engine>valkey</Engine><EngineVersion>8.0</EngineVersion>"
                        + "<Members>" + String.join("", members) + "</Members><ClusterEnabled>false</ClusterEnabled>"
                        + "</GlobalReplicationGroup></GlobalReplicationGroups>"
                        + "</DescribeGlobalReplicationGroupsResult>"
                        + "<ResponseMetadata><RequestId>5f1c</RequestId></ResponseMetadata>"
                        + "</DescribeGlobalReplicationGroupsResponse>");
    }

    private static Answer error(int status, String code) {
        return Answer.of(
                status,
                "<ErrorResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><Error><Type>Sender</Type>"
                        + "<Code>" + code + "</Code><Message>no</Message></Error>"
                        + "<RequestId>5f1c</RequestId></ErrorResponse>");
    }
}
