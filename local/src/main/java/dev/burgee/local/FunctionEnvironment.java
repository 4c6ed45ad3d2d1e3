package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** The variables of a region's functions, and the secrets that they name. */
final class FunctionEnvironment {
    static final String TABLE = "burgee-ledger";
    static final String TOPOLOGY_SECRET = "burgee/topology";
    static final String KEYS_SECRET = "burgee/keys";

    private FunctionEnvironment() {}

    /** What Lambda would set. */
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
