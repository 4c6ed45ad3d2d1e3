package dev.burgee.failover;

import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.GlobalReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.GlobalReplicationGroupMember;

/** The control plane of ElastiCache Global Datastore, asked at this region's own endpoint. Thread-safe. */
final class ElastiCacheControlPlane implements ControlPlane {
    /**
     * Whose role is asked for.
     *
     * @param datastore id of the global replication group, region prefix included
     * @param group id of this region's own replication group
     */
    record Own(Region here, String datastore, String group) {}

    private static final String AVAILABLE = "available";
    private static final String PRIMARY_ONLY = "primary-only";
    private static final String ASSOCIATED = "associated";

    private final Own own;
    private final AwsApi<ElastiCacheClient> api;

    ElastiCacheControlPlane(Own own, AwsApi<ElastiCacheClient> api) {
        this.own = own;
        this.api = api;
    }

    @Override
    public ControlPlaneView view(Deadline deadline) {
        List<GlobalReplicationGroup> datastores;
        try {
            datastores = api.call(
                    deadline,
                    (client, options) -> client.describeGlobalReplicationGroups(
                                    request -> request.globalReplicationGroupId(own.datastore)
                                            .showMemberInfo(true)
                                            .overrideConfiguration(options))
                            .globalReplicationGroups());
        } catch (AwsApi.Refusal e) {
            if (e.code().startsWith("GlobalReplicationGroupNotFound")) {
                return new ControlPlaneView.NotMember("global datastore " + own.datastore + " does not exist");
            }
            throw e;
        }
        return datastores.stream()
                .filter(datastore -> own.datastore.equalsIgnoreCase(datastore.globalReplicationGroupId()))
                .findFirst()
                .map(this::view)
                .orElseThrow(() -> unclear("does not have " + own.datastore));
    }

    @Override
    public void promote(Deadline deadline) {
        api.call(
                deadline,
                (client, options) ->
                        client.failoverGlobalReplicationGroup(request -> request.globalReplicationGroupId(own.datastore)
                                .primaryRegion(own.here.code())
                                .primaryReplicationGroupId(own.group)
                                .overrideConfiguration(options)));
    }

    private ControlPlaneView view(GlobalReplicationGroup datastore) {
        List<GlobalReplicationGroupMember> members = datastore.members();
        List<GlobalReplicationGroupMember> ours =
                members.stream().filter(this::isOwn).toList();
        if (ours.isEmpty()) {
            return new ControlPlaneView.NotMember(own.group + " is not a member of " + own.datastore);
        }
        if (ours.size() > 1) {
            throw unclear("has " + own.group + " more than once");
        }
        String status = String.valueOf(datastore.status());
        String memberStatus = String.valueOf(ours.getFirst().status());
        if (!status.equals(AVAILABLE) && !status.equals(PRIMARY_ONLY)) {
            return new ControlPlaneView.Changing("datastore is " + status);
        }
        if (!memberStatus.equals(ASSOCIATED)) {
            return new ControlPlaneView.Changing("member is " + memberStatus);
        }
        List<GlobalReplicationGroupMember> primaries =
                members.stream().filter(member -> hasRole(member, "PRIMARY")).toList();
        if (primaries.size() != 1) {
            throw unclear("has " + primaries.size() + " primaries");
        }
        if (hasRole(ours.getFirst(), "PRIMARY")) {
            return members.size() == 1 ? new ControlPlaneView.Alone() : new ControlPlaneView.Primary(regions(members));
        }
        if (!hasRole(ours.getFirst(), "SECONDARY")) {
            throw unclear("gives " + own.group + " the role " + ours.getFirst().role());
        }
        return new ControlPlaneView.Secondary(region(primaries.getFirst().replicationGroupRegion()));
    }

    private boolean isOwn(GlobalReplicationGroupMember member) {
        return own.group.equalsIgnoreCase(member.replicationGroupId())
                && own.here.code().equals(member.replicationGroupRegion());
    }

    private static boolean hasRole(GlobalReplicationGroupMember member, String role) {
        return role.equalsIgnoreCase(member.role());
    }

    private static Set<Region> regions(List<GlobalReplicationGroupMember> members) {
        return members.stream()
                .map(member -> region(member.replicationGroupRegion()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Region region(String code) {
        try {
            return new Region(code);
        } catch (IllegalArgumentException | NullPointerException _) {
            throw unclear("does not say each member's region");
        }
    }

    private static AwsFailureException unclear(String what) {
        return new AwsFailureException("the answer of ElastiCache is not clear: it " + what, null);
    }
}
