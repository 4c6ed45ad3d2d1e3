package dev.burgee.local;

import dev.burgee.region.Region;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for ElastiCache in all regions: the global datastore as the control plane of the region sees it that is asked.
 * Thread-safe.
 */
final class ElastiCacheStandIn implements AwsStandIn.Service {
    private static final String NAMESPACE = "http://elasticache.amazonaws.com/doc/2015-02-02/";
    private static final String INVALID_STATE = "InvalidGlobalReplicationGroupState";

    private final Caches caches;
    private final List<Region> regions;
    private final Consumer<Region> promoted;

    /**
     * Ready to answer.
     *
     * @param promoted told of each region that was promoted by a call
     */
    ElastiCacheStandIn(Caches caches, Geography geography, Consumer<Region> promoted) {
        this.caches = caches;
        this.regions = geography.regions();
        this.promoted = promoted;
    }

    @Override
    public AwsReply answer(AwsCall call) {
        Map<String, String> form = call.form();
        String action = form.getOrDefault("Action", "");
        String id = form.getOrDefault("GlobalReplicationGroupId", GlobalDatastore.ID);
        if (!id.equals(GlobalDatastore.ID)) {
            return error(404, "GlobalReplicationGroupNotFoundFault", "Global replication group " + id + " not found.");
        }
        try {
            return switch (action) {
                case "DescribeGlobalReplicationGroups" ->
                    reply(
                            action,
                            Xml.element(
                                    "GlobalReplicationGroups",
                                    group(call.region(), "true".equals(form.get("ShowMemberInfo")))));
                case "DescribeReplicationGroups" -> describeOwn(call.region(), form);
                case "FailoverGlobalReplicationGroup" -> failover(call.region(), form);
                case "DisassociateGlobalReplicationGroup" -> disassociate(call.region(), form);
                default -> error(400, "InvalidAction", "Could not find operation " + action + ".");
            };
        } catch (PromotionRefusedException | CacheNotRunningException e) {
            return error(400, INVALID_STATE, String.valueOf(e.getMessage()));
        }
    }

    private AwsReply failover(Region endpoint, Map<String, String> form) {
        Optional<Region> next =
                member(form.getOrDefault("PrimaryRegion", ""), form.getOrDefault("PrimaryReplicationGroupId", ""));
        if (next.isEmpty()) {
            return error(400, "InvalidParameterValue", "PrimaryRegion and PrimaryReplicationGroupId name no member.");
        }
        caches.failover(endpoint, next.get());
        promoted.accept(next.get());
        return reply("FailoverGlobalReplicationGroup", group(endpoint, true));
    }

    private AwsReply disassociate(Region endpoint, Map<String, String> form) {
        Optional<Region> leaving =
                member(form.getOrDefault("ReplicationGroupRegion", ""), form.getOrDefault("ReplicationGroupId", ""));
        if (leaving.isEmpty()) {
            return error(400, "InvalidParameterValue", "ReplicationGroupRegion and ReplicationGroupId name no member.");
        }
        caches.disassociate(endpoint, leaving.get());
        return reply("DisassociateGlobalReplicationGroup", group(endpoint, true));
    }

    private AwsReply describeOwn(Region region, Map<String, String> form) {
        String own = GlobalDatastore.groupOf(region);
        if (!form.getOrDefault("ReplicationGroupId", own).equals(own)) {
            return error(404, "ReplicationGroupNotFoundFault", "ReplicationGroup " + own + " is the only one here.");
        }
        GlobalDatastore.Membership view = caches.datastore().viewOf(region);
        String global = view.isStandalone(region)
                ? ""
                : Xml.element(
                        "GlobalReplicationGroupInfo",
                        Xml.text("GlobalReplicationGroupId", GlobalDatastore.ID)
                                + Xml.text("GlobalReplicationGroupMemberRole", role(view, region)));
        return reply(
                "DescribeReplicationGroups",
                Xml.element(
                        "ReplicationGroups",
                        Xml.element(
                                "ReplicationGroup",
                                Xml.text("ReplicationGroupId", own) + global + Xml.text("Status", "available"))));
    }

    /** The datastore as a region's control plane sees it; it hides its members from who does not ask for them. */
    private String group(Region endpoint, boolean withMembers) {
        GlobalDatastore.Membership view = caches.datastore().viewOf(endpoint);
        var members = new StringBuilder();
        regions.stream()
                .filter(region -> withMembers && !view.isStandalone(region))
                .forEach(region -> members.append(Xml.element(
                        "GlobalReplicationGroupMember",
                        Xml.text("ReplicationGroupId", GlobalDatastore.groupOf(region))
                                + Xml.text("ReplicationGroupRegion", region.code())
                                + Xml.text("Role", role(view, region))
                                + Xml.text("AutomaticFailover", "enabled")
                                + Xml.text("Status", "associated"))));
        return Xml.element(
                "GlobalReplicationGroup",
                Xml.text("GlobalReplicationGroupId", GlobalDatastore.ID)
                        + Xml.text("Status", "available")
                        + Xml.text("Engine", "valkey")
                        + (withMembers ? Xml.element("Members", members.toString()) : ""));
    }

    private Optional<Region> member(@Nullable String region, @Nullable String group) {
        return regions.stream()
                .filter(one -> one.code().equals(region)
                        && GlobalDatastore.groupOf(one).equals(group))
                .findFirst();
    }

    private static String role(GlobalDatastore.Membership view, Region region) {
        return region.equals(view.primary()) ? "PRIMARY" : "SECONDARY";
    }

    private static AwsReply reply(String action, String result) {
        return AwsReply.xml(NAMESPACE, action + "Response", Xml.element(action + "Result", result));
    }

    private static AwsReply error(int status, String code, String message) {
        return AwsReply.xmlError(status, NAMESPACE, code, message);
    }
}
