package dev.burgee.settings;

import dev.burgee.region.Region;
import dev.burgee.topology.SimpleTopology;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * What every function that uses caches and ledger is told by its environment. Immutable.
 *
 * @param functionVersion for metrics by version; empty outside Lambda
 */
public record CommonSettings(Region region, Optional<String> functionVersion, TopologyOrigin topology, Limits limits) {
    /** Of the AWS SDK, and read by the adapters. */
    private static final List<String> ENDPOINTS =
            List.of("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_SSM");

    private static final String TOPOLOGY_SECRET = "BURGEE_TOPOLOGY_SECRET";
    private static final String PRIMARY_URL = "REDIS_PRIMARY_URL";
    private static final List<String> SIMPLE = List.of(
            PRIMARY_URL,
            "REDIS_REPLICA_URL",
            "REDIS_USERNAME",
            "REDIS_PASSWORD",
            "BURGEE_PRIMARY_REGION",
            "BURGEE_LEDGER_TABLE",
            "BURGEE_LEDGER_REGIONS",
            "BURGEE_LEDGER_ENDPOINT");

    /**
     * Reads and checks. A function with variables of its own reads those first, so that their problems are named too.
     *
     * @throws dev.burgee.failure.MisconfiguredException naming everything that is wrong or missing
     */
    public static CommonSettings from(Environment environment) {
        Optional<Region> region = environment.requiredRegion("AWS_REGION");
        ENDPOINTS.forEach(name -> environment
                .text(name)
                .filter(url -> !isEndpoint(url))
                // without the value: an address may have a password in it
                .ifPresent(_ -> environment.problem(name, "must be http://host:port or https://host:port")));
        Limits limits = Limits.from(environment);
        Optional<TopologyOrigin> topology = topology(environment, region);
        environment.check("settings");
        return new CommonSettings(
                region.orElseThrow(), environment.text("AWS_LAMBDA_FUNCTION_VERSION"), topology.orElseThrow(), limits);
    }

    private static boolean isEndpoint(String url) {
        try {
            URI uri = new URI(url);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static Optional<TopologyOrigin> topology(Environment environment, Optional<Region> region) {
        Optional<String> secret = environment.text(TOPOLOGY_SECRET);
        if (secret.isPresent()) {
            SIMPLE.stream()
                    .filter(name -> environment.text(name).isPresent())
                    .forEach(name -> environment.problem(name, "is set, but " + TOPOLOGY_SECRET + " says it already"));
            return secret.map(TopologyOrigin.InSecret::new);
        }
        if (environment.text(PRIMARY_URL).isEmpty()) {
            environment.problem(TOPOLOGY_SECRET, "is not set, and neither is " + PRIMARY_URL);
            return Optional.empty();
        }
        // a missing region is noted already; any will do to find the other problems
        Region here = region.orElse(new Region("us-east-1"));
        SimpleTopology simple = simple(environment, here);
        List<String> problems = simple.problems();
        environment.problems(problems);
        return problems.isEmpty() ? Optional.of(new TopologyOrigin.InVariables(simple.topology())) : Optional.empty();
    }

    private static SimpleTopology simple(Environment environment, Region here) {
        List<Region> ledgerRegions = environment.regions("BURGEE_LEDGER_REGIONS");
        Region primary = environment.region("BURGEE_PRIMARY_REGION").orElse(new Region("us-east-1"));
        return new SimpleTopology(
                here,
                primary,
                environment.text(PRIMARY_URL).orElse(""),
                environment.text("REDIS_REPLICA_URL").orElse(null),
                environment.text("REDIS_USERNAME").orElse(null),
                environment.text("REDIS_PASSWORD").orElse(null),
                environment.text("BURGEE_LEDGER_TABLE").orElse("burgee-ledger"),
                // not this region: two regions must never have two ledgers under one cache
                ledgerRegions.isEmpty() ? List.of(primary) : ledgerRegions,
                environment.text("BURGEE_LEDGER_ENDPOINT").orElse(null));
    }
}
