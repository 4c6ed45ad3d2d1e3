package dev.burgee.http;

import dev.burgee.auth.Authenticator;
import dev.burgee.auth.KeyAuthenticator;
import dev.burgee.auth.KeyRing;
import dev.burgee.auth.Scope;
import dev.burgee.cache.RedisCaches;
import dev.burgee.failure.UnauthorizedException;
import dev.burgee.ledger.DynamoLedger;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerClients;
import dev.burgee.ledger.TopologyLedger;
import dev.burgee.log.JsonLog;
import dev.burgee.log.Log;
import dev.burgee.metrics.EmfMetrics;
import dev.burgee.metrics.Metrics;
import dev.burgee.primary.Caches;
import dev.burgee.primary.RegionCaches;
import dev.burgee.region.Region;
import dev.burgee.secret.RefreshingSecret;
import dev.burgee.secret.SecretSource;
import dev.burgee.secret.SecretsManagerSource;
import dev.burgee.settings.Environment;
import dev.burgee.settings.FunctionSettings;
import dev.burgee.settings.Limits;
import dev.burgee.settings.TopologyOrigin;
import dev.burgee.time.SystemTime;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import dev.burgee.topology.TopologyParser;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What both HTTP functions stand on, made from the environment by hand: clocks, log, metrics, secrets, caches, ledger.
 * Making it checks the environment and touches no network: what is fetched during a function's INIT would be frozen into
 * its snapshot. Immutable.
 *
 * @param forgetConnections drops whatever came over the network: connections, and secrets' claim to be fresh
 */
public record Foundation(
        FunctionSettings settings,
        Time time,
        Log log,
        Metrics metrics,
        Caches caches,
        Ledger ledger,
        Authenticator authenticator,
        Runnable forgetConnections) {

    /** Longer than a source's own limit, which covers connecting and answering. */
    private static final Duration FETCH_SLACK = Duration.ofMillis(500);

    /**
     * Lays it.
     *
     * @param function the function's short name, for example {@code read-flag}
     * @param served the widest scope among its routes
     * @param metricsEvery how often gathered metrics are written; zero: after each request
     * @param out where log lines and metrics go: standard output in Lambda
     * @throws dev.burgee.failure.MisconfiguredException naming every setting that is wrong or missing
     */
    public static Foundation lay(
            Map<String, String> environment, String function, Scope served, Duration metricsEvery, PrintStream out) {
        Time time = new SystemTime();
        FunctionSettings settings = FunctionSettings.from(new Environment(environment), served);
        Region here = settings.region();
        Limits limits = settings.limits();
        Log log = new JsonLog(out, time, Map.of("region", here.code(), "function", function));
        Metrics metrics = new EmfMetrics(
                new EmfMetrics.Parts(here, function, settings.functionVersion(), metricsEvery),
                out,
                time,
                new SplittableRandom());
        SecretSource secrets = new SecretsManagerSource(here, limits.awsCall(), environment);
        RefreshingSecret<Topology> topology = new RefreshingSecret<>(topology(settings, secrets), metrics, log, time);
        RegionCaches caches =
                new RegionCaches(topology, known -> new RedisCaches(known, here, limits, "burgee-" + function));
        LedgerClients clients = LedgerClients.overUrlConnection(limits);
        TopologyLedger ledger =
                new TopologyLedger(topology::get, known -> new DynamoLedger(known, here, limits, time, clients, log));
        Optional<RefreshingSecret<KeyRing>> keys = settings.keysSecret()
                .map(id -> new RefreshingSecret<>(
                        new RefreshingSecret.Parts<>(
                                "keys",
                                id,
                                secrets,
                                KeyRing::parse,
                                limits.secretRefresh(),
                                limits.awsCall().plus(FETCH_SLACK)),
                        metrics,
                        log,
                        time));
        Runnable forgetConnections = () -> {
            topology.invalidate();
            keys.ifPresent(RefreshingSecret::invalidate);
            caches.reset();
            ledger.reset();
        };
        return new Foundation(
                settings,
                time,
                log,
                metrics,
                caches,
                ledger,
                new KeyAuthenticator(
                        () -> {
                            // whoever passes will need it: a cold start waits for both secrets at once
                            topology.prefetch();
                            return ring(keys);
                        },
                        settings.openReads()),
                forgetConnections);
    }

    /** The edge of a function with these routes. */
    public HttpEdge edge(List<Route> routes) {
        return new HttpEdge(new HttpEdge.Parts(routes, authenticator, settings.corsOrigins(), metrics, log, time));
    }

    private static RefreshingSecret.Parts<Topology> topology(FunctionSettings settings, SecretSource secrets) {
        Limits limits = settings.limits();
        return switch (settings.topology()) {
            case TopologyOrigin.InSecret(String id) ->
                new RefreshingSecret.Parts<>(
                        "topology",
                        id,
                        secrets,
                        TopologyParser::parse,
                        limits.secretRefresh(),
                        limits.awsCall().plus(FETCH_SLACK));
            case TopologyOrigin.InVariables(Topology known) ->
                new RefreshingSecret.Parts<>(
                        "topology",
                        "variables",
                        _ -> "variables",
                        _ -> known,
                        limits.secretRefresh(),
                        limits.awsCall());
        };
    }

    private static KeyRing ring(Optional<RefreshingSecret<KeyRing>> keys) {
        return keys.orElseThrow(() -> new UnauthorizedException("no keys are configured"))
                .get();
    }
}
