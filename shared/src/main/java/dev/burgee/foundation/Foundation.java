package dev.burgee.foundation;

import dev.burgee.aws.Credentials;
import dev.burgee.cache.RedisCaches;
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
import dev.burgee.settings.CommonSettings;
import dev.burgee.settings.Limits;
import dev.burgee.settings.TopologyOrigin;
import dev.burgee.time.SystemTime;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import dev.burgee.topology.TopologyParser;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * What every function that uses caches and ledger stands on, made by hand: clocks, log, metrics, secrets, caches, ledger.
 * Making it touches no network: what is fetched during a function's INIT would be frozen into its snapshot. Immutable.
 *
 * @param forgetConnections drops whatever came over the network: connections, and secrets' claim to be fresh
 */
public record Foundation(
        CommonSettings settings,
        Time time,
        Log log,
        Metrics metrics,
        SecretSource secrets,
        RefreshingSecret<Topology> topology,
        Caches caches,
        Ledger ledger,
        Runnable forgetConnections) {

    /** Longer than a source's own limit, which covers connecting and answering. */
    private static final Duration FETCH_SLACK = Duration.ofMillis(500);

    /**
     * Lays it.
     *
     * @param function the function's short name, for example {@code read-flag}
     * @param metricsEvery how often gathered metrics are written; zero: after each request
     * @param out where log lines and metrics go: standard output in Lambda
     * @param environment may name other endpoints of AWS
     */
    public static Foundation lay(
            CommonSettings settings,
            Map<String, String> environment,
            String function,
            Duration metricsEvery,
            PrintStream out) {
        Time time = new SystemTime();
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
        RegionCaches caches = new RegionCaches(
                topology,
                known -> new RedisCaches(known, here, limits, "burgee-" + function),
                limits,
                metrics,
                log,
                time);
        LedgerClients clients = LedgerClients.overUrlConnection(limits, Credentials.provider(environment));
        TopologyLedger ledger =
                new TopologyLedger(topology::get, known -> new DynamoLedger(known, here, limits, time, clients, log));
        Runnable forgetConnections = () -> {
            topology.invalidate();
            caches.reset();
            ledger.reset();
        };
        return new Foundation(settings, time, log, metrics, secrets, topology, caches, ledger, forgetConnections);
    }

    /** Fetches the topology and connects to this region's cache, for whoever will need them at once. */
    public void connect() {
        topology.prefetch();
        caches.local().head();
    }

    /** A secret beside the topology; nothing is fetched before it is first used. */
    public <T> RefreshingSecret<T> secret(String what, String id, Function<String, T> parser) {
        return new RefreshingSecret<>(inSecret(what, id, secrets, parser, settings.limits()), metrics, log, time);
    }

    /** The same with more to forget before a snapshot and after a restore. */
    public Foundation forgetting(Runnable more) {
        return new Foundation(settings, time, log, metrics, secrets, topology, caches, ledger, () -> {
            forgetConnections.run();
            more.run();
        });
    }

    private static RefreshingSecret.Parts<Topology> topology(CommonSettings settings, SecretSource secrets) {
        Limits limits = settings.limits();
        return switch (settings.topology()) {
            case TopologyOrigin.InSecret(String id) -> inSecret("topology", id, secrets, TopologyParser::parse, limits);
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

    private static <T> RefreshingSecret.Parts<T> inSecret(
            String what, String id, SecretSource secrets, Function<String, T> parser, Limits limits) {
        return new RefreshingSecret.Parts<>(
                what,
                id,
                secrets,
                parser,
                limits.secretRefresh(),
                limits.awsCall().plus(FETCH_SLACK));
    }
}
