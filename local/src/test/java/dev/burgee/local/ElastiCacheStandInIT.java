package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.aws.AwsClients;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.GlobalReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.GlobalReplicationGroupNotFoundException;
import software.amazon.awssdk.services.elasticache.model.InvalidGlobalReplicationGroupStateException;
import software.amazon.awssdk.services.elasticache.model.InvalidParameterValueException;

/** The control plane of the global datastore, called by the SDK's client at the endpoints of its regions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
final class ElastiCacheStandInIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final FunctionFactory NOTHING = (environment, output) -> (in, out, context) -> {};

    private final World world = World.start(
            WorldOptions.ofThreeRegions(Functions.serving(NOTHING, NOTHING)).withoutDistances());
    private final Control control = new Control(world);
    private final Map<Region, ElastiCacheClient> endpoints = new HashMap<>();

    @AfterEach
    void healAndBringThePrimaryBack() {
        control.healAll();
        control.post("/promote/us-east-1?silent=true");
    }

    @AfterAll
    void close() {
        endpoints.values().forEach(ElastiCacheClient::close);
        control.close();
        world.close();
    }

    @Test
    void showsMembersToThoseWhoAskForThem() {
        GlobalReplicationGroup without = at(EU_WEST_1)
                .describeGlobalReplicationGroups(request -> request.globalReplicationGroupId(GlobalDatastore.ID))
                .globalReplicationGroups()
                .getFirst();

        assertThat(without.members()).isEmpty();
        assertThat(roles(EU_WEST_1))
                .containsExactly(
                        "us-east-1 burgee-us-east-1 PRIMARY",
                        "eu-west-1 burgee-eu-west-1 SECONDARY",
                        "ap-southeast-1 burgee-ap-southeast-1 SECONDARY");
        assertThatThrownBy(() -> at(EU_WEST_1)
                        .describeGlobalReplicationGroups(request -> request.globalReplicationGroupId("other")))
                .isInstanceOf(GlobalReplicationGroupNotFoundException.class);
        assertThat(at(EU_WEST_1)
                        .describeReplicationGroups(request -> request.replicationGroupId("burgee-eu-west-1"))
                        .replicationGroups()
                        .getFirst()
                        .globalReplicationGroupInfo()
                        .globalReplicationGroupMemberRole())
                .isEqualTo("SECONDARY");
    }

    @Test
    void aFailoverMovesThePrimaryAndIsPublishedInItsRegion() {
        int before = deliveries().size();

        failover(AP_SOUTHEAST_1, EU_WEST_1);

        assertThat(control.status().get("primary")).isEqualTo("eu-west-1");
        assertThat(control.role(EU_WEST_1)).isEqualTo("primary");
        assertThat(control.role(US_EAST_1)).isEqualTo("replica");
        Await.until("the event is delivered", LIMIT, () -> deliveries().size() == before + 1);
        assertThat(deliveries().getLast())
                .isEqualTo("eu-west-1 burgee-failover-dns-update"
                        + " {\"ElastiCache:ReplicationGroupPromotedAsPrimary\":\"burgee-eu-west-1\","
                        + "\"Replication Group ID\":\"burgee-eu-west-1\"} delivered");
    }

    @Test
    void aRegionThatIsCutOffBelievesWhatItBelievedThen() {
        control.post("/regions/us-east-1/isolate");

        failover(EU_WEST_1, EU_WEST_1);

        assertThat(roles(EU_WEST_1)).contains("us-east-1 burgee-us-east-1 SECONDARY");
        assertThat(roles(US_EAST_1)).contains("us-east-1 burgee-us-east-1 PRIMARY");
        assertThatThrownBy(() -> failover(US_EAST_1, AP_SOUTHEAST_1))
                .isInstanceOf(InvalidGlobalReplicationGroupStateException.class)
                .hasMessageContaining("does not reach us-east-1");
        assertThatThrownBy(() -> failover(EU_WEST_1, US_EAST_1))
                .isInstanceOf(InvalidGlobalReplicationGroupStateException.class);
        control.post("/regions/us-east-1/heal");
        assertThat(roles(US_EAST_1)).isEqualTo(roles(EU_WEST_1));
    }

    @Test
    void aSecondaryThatIsDisassociatedIsWritableAloneAndNobodyIsTold() {
        int before = deliveries().size();
        control.post("/regions/us-east-1/isolate");

        disassociate(EU_WEST_1, EU_WEST_1);

        assertThat(control.role(EU_WEST_1)).isEqualTo("primary");
        assertThat(control.role(AP_SOUTHEAST_1)).isEqualTo("replica");
        assertThat(roles(AP_SOUTHEAST_1))
                .containsExactly(
                        "us-east-1 burgee-us-east-1 PRIMARY", "ap-southeast-1 burgee-ap-southeast-1 SECONDARY");
        assertThat(deliveries()).hasSize(before);
        assertThatThrownBy(() -> disassociate(EU_WEST_1, US_EAST_1))
                .isInstanceOf(InvalidGlobalReplicationGroupStateException.class);
        assertThatThrownBy(() -> failover(AP_SOUTHEAST_1, EU_WEST_1))
                .isInstanceOf(InvalidGlobalReplicationGroupStateException.class)
                .hasMessageContaining("not associated");
    }

    @Test
    void refusesACacheThatIsDownAndMembersThatDoNotExist() {
        control.post("/regions/eu-west-1/cache/stop");

        assertThatThrownBy(() -> failover(EU_WEST_1, EU_WEST_1))
                .isInstanceOf(InvalidGlobalReplicationGroupStateException.class)
                .hasMessageContaining("does not run");
        assertThatThrownBy(() -> at(EU_WEST_1)
                        .failoverGlobalReplicationGroup(request -> request.globalReplicationGroupId(GlobalDatastore.ID)
                                .primaryRegion("eu-west-1")
                                .primaryReplicationGroupId("burgee-us-east-1")))
                .isInstanceOf(InvalidParameterValueException.class);
    }

    private List<String> deliveries() {
        return control.lines("/events").stream()
                .map(line -> line.get("region") + " " + line.get("function") + " " + line.get("body") + " "
                        + line.get("outcome"))
                .toList();
    }

    private List<String> roles(Region endpoint) {
        return at(endpoint)
                .describeGlobalReplicationGroups(request -> request.showMemberInfo(true))
                .globalReplicationGroups()
                .getFirst()
                .members()
                .stream()
                .map(member ->
                        member.replicationGroupRegion() + " " + member.replicationGroupId() + " " + member.role())
                .toList();
    }

    private void failover(Region endpoint, Region next) {
        at(endpoint)
                .failoverGlobalReplicationGroup(request -> request.globalReplicationGroupId(GlobalDatastore.ID)
                        .primaryRegion(next.code())
                        .primaryReplicationGroupId(GlobalDatastore.groupOf(next)));
    }

    private void disassociate(Region endpoint, Region leaving) {
        at(endpoint)
                .disassociateGlobalReplicationGroup(request -> request.globalReplicationGroupId(GlobalDatastore.ID)
                        .replicationGroupRegion(leaving.code())
                        .replicationGroupId(GlobalDatastore.groupOf(leaving)));
    }

    private ElastiCacheClient at(Region region) {
        return endpoints.computeIfAbsent(
                region,
                one -> AwsClients.build(
                        ElastiCacheClient.builder(),
                        one,
                        LIMIT,
                        Map.of("AWS_ENDPOINT_URL", world.aws().toString()),
                        "ELASTICACHE"));
    }
}
