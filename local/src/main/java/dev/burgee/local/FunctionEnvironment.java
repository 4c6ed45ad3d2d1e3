package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The variables of a region's functions, and the secrets that they name. Immutable.
 *
 * @param secrets where the region's Secrets Manager answers
 * @param aws where all other AWS APIs answer
 * @param pulse the schedule's interval
 * @param more further variables for all functions
 */
record FunctionEnvironment(Region region, URI secrets, URI aws, Duration pulse, Map<String, String> more) {
    static final String TABLE = "burgee-ledger";
    static final String TOPOLOGY_SECRET = "burgee/topology";
    static final String KEYS_SECRET = "burgee/keys";

    private static final String HOME_PARAMETER = "/burgee/local/home";
    private static final List<String> PULSE_APIS = List.of("SSM");
    private static final List<String> FAILOVER_APIS = List.of("SSM", "ROUTE_53", "ELASTICACHE", "LAMBDA", "CLOUDWATCH");

    FunctionEnvironment {
        more = Map.copyOf(more);
    }

    /** Of read-flag and write-flag. */
    Map<String, String> forServing(String function) {
        return variables(region, function, secrets, more);
    }

    /** Of region-pulse. */
    Map<String, String> forPulse() {
        Map<String, String> variables = usual(RegionFunctions.PULSE);
        variables.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.toString());
        variables.put("BURGEE_TOPOLOGY_SECRET", TOPOLOGY_SECRET);
        PULSE_APIS.forEach(api -> variables.put("AWS_ENDPOINT_URL_" + api, aws.toString()));
        variables.put("BURGEE_HOME_PARAMETER", HOME_PARAMETER);
        variables.put("BURGEE_PULSE_MS", Long.toString(pulse.toMillis()));
        variables.putAll(more);
        return variables;
    }

    /** Of failover-dns-update, which is outside the VPC and has no secret. */
    Map<String, String> forFailover() {
        Map<String, String> variables = usual(RegionFunctions.FAILOVER);
        FAILOVER_APIS.forEach(api -> variables.put("AWS_ENDPOINT_URL_" + api, aws.toString()));
        variables.put("BURGEE_HOME_PARAMETER", HOME_PARAMETER);
        variables.put("BURGEE_GLOBAL_DATASTORE", GlobalDatastore.ID);
        variables.put("BURGEE_REPLICATION_GROUP", GlobalDatastore.groupOf(region));
        variables.put("BURGEE_CACHE_NAME", cacheName(region));
        variables.put("BURGEE_HOSTED_ZONE", Route53StandIn.ZONE);
        variables.put("BURGEE_PRIMARY_RECORD", Route53StandIn.RECORD);
        variables.put("BURGEE_PULSE_FUNCTION", RegionFunctions.PULSE);
        variables.put("BURGEE_FAILOVER_TOPIC", SnsStandIn.topicOf(region));
        variables.putAll(more);
        return variables;
    }

    /** The DNS name of a region's cache, to which the primary's CNAME may point. */
    static String cacheName(Region region) {
        return "burgee-" + region + ".cache.internal";
    }

    private Map<String, String> usual(String function) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_REGION", region.code());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function);
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", FunctionHost.VERSION);
        return variables;
    }

    /** What Lambda would set for a function that serves requests. */
    static Map<String, String> variables(Region region, String function, URI secrets, Map<String, String> more) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_REGION", region.code());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function);
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", FunctionHost.VERSION);
        variables.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.toString());
        variables.put("BURGEE_TOPOLOGY_SECRET", TOPOLOGY_SECRET);
        variables.put("BURGEE_KEYS_SECRET", KEYS_SECRET);
        variables.put("BURGEE_CORS_ORIGINS", "*");
        variables.putAll(more);
        return variables;
    }

    /** The topology secret of one region: its own cache directly, everything else by that region's own ways. */
    static String topology(Region region, Geography geography, Network network, Caches caches) {
        Map<String, Object> cacheRegions = new LinkedHashMap<>();
        for (Region other : geography.regions()) {
            URI address = other.equals(region)
                    ? caches.node(other).uri()
                    : network.address(Link.cache(region, other), "redis");
            cacheRegions.put(other.code(), Map.of("cache", address.toString()));
        }
        Map<String, Object> ledgerRegions = new LinkedHashMap<>();
        for (Region ledger : geography.ledgerRegionsFrom(region)) {
            URI address = network.address(Link.ledger(region, ledger), "http");
            ledgerRegions.put(ledger.code(), Map.of("endpoint", address.toString()));
        }
        Map<String, Object> ledger = new LinkedHashMap<>();
        ledger.put("table", TABLE);
        ledger.put("regions", ledgerRegions);
        Map<String, Object> topology = new LinkedHashMap<>();
        topology.put("primary", geography.home().code());
        topology.put("username", Caches.USERNAME);
        topology.put("password", caches.password());
        topology.put("regions", cacheRegions);
        topology.put("ledger", ledger);
        return Json.write(topology);
    }
}
