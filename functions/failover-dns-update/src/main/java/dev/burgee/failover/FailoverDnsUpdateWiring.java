package dev.burgee.failover;

import dev.burgee.foundation.Restore;
import dev.burgee.hint.SsmHomeHint;
import dev.burgee.log.JsonLog;
import dev.burgee.log.Log;
import dev.burgee.metrics.EmfMetrics;
import dev.burgee.metrics.Metrics;
import dev.burgee.rehearsal.Rehearsal;
import dev.burgee.settings.Environment;
import dev.burgee.tier.Retry;
import dev.burgee.time.SystemTime;
import dev.burgee.time.Time;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.route53.Route53Client;

/** The composition root of failover-dns-update: makes everything, once, from the environment. Touches no network. */
final class FailoverDnsUpdateWiring {
    private static final String FUNCTION = "failover-dns-update";

    /** Route 53 lets a zone be changed by one at a time: waits that let the other one finish. */
    private static final List<Duration> ROUTE53_WAITS = List.of(
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2));

    private static final byte[] EVENT = "{}".getBytes(StandardCharsets.UTF_8);

    private FailoverDnsUpdateWiring() {}

    /** What the handler keeps. */
    record Wired(Failover failover, Restore restore) {}

    /** What answers, and what around it the hooks need. */
    private record Made(Failover failover, Runnable forget, Metrics metrics, Log log, Time time) {}

    static Wired wire(Map<String, String> environment, PrintStream out) {
        Made made = make(environment, out);
        Restore.Hooks hooks = new Restore.Hooks(
                () -> Rehearsal.play(environment, made.time(), FailoverDnsUpdateWiring::cast),
                made.forget(),
                // it is called once a minute, and nobody waits for it
                () -> {});
        return new Wired(made.failover(), Restore.hook(hooks, made.metrics(), made.log()));
    }

    /** The same function on a rehearsal's stage, where every API refuses. */
    private static Rehearsal.Cast cast(Map<String, String> environment, PrintStream out) {
        Made made = make(environment, out);
        return () -> {
            try {
                made.failover().handle(new ByteArrayInputStream(EVENT), OutputStream.nullOutputStream());
            } catch (FailoverUnfinishedException _) {
                // as it must, there
            }
        };
    }

    private static Made make(Map<String, String> environment, PrintStream out) {
        FailoverSettings settings = FailoverSettings.from(new Environment(environment));
        Time time = new SystemTime();
        // no seed that a snapshot could freeze: waits must differ between those that it becomes
        RandomGenerator random = new SecureRandom();
        Log log = new JsonLog(out, time, Map.of("region", settings.region().code(), "function", FUNCTION));
        Metrics metrics = new EmfMetrics(
                new EmfMetrics.Parts(settings.region(), FUNCTION, settings.version(), Duration.ZERO),
                out,
                time,
                new SplittableRandom());
        AwsApi.Base base = new AwsApi.Base(settings.region(), environment, random);
        StepLimits limits = StepLimits.of(settings.awsCall());
        AwsApi<ElastiCacheClient> elastiCache = AwsApi.of(
                new AwsApi.Api("ElastiCache", "ELASTICACHE", settings.awsCall(), Retry.WAITS_MAX),
                base,
                ElastiCacheClient::builder);
        AwsApi<LambdaClient> lambda = AwsApi.of(
                new AwsApi.Api("Lambda, asked for region-pulse,", "LAMBDA", limits.pulse(), Retry.WAITS_MAX),
                base,
                LambdaClient::builder);
        AwsApi<Route53Client> route53 = AwsApi.of(
                new AwsApi.Api("Route 53", "ROUTE_53", settings.awsCall(), ROUTE53_WAITS),
                base,
                Route53Client::builder);
        AwsApi<CloudWatchClient> cloudWatch = AwsApi.of(
                new AwsApi.Api("CloudWatch", "CLOUDWATCH", settings.awsCall(), List.of()),
                base,
                CloudWatchClient::builder);
        List<Runnable> connections =
                new ArrayList<>(List.of(elastiCache::forget, lambda::forget, route53::forget, cloudWatch::forget));
        @Nullable
        SsmHomeHint hint = settings.homeParameter()
                .map(name -> new SsmHomeHint(name, settings.region(), settings.awsCall(), environment))
                .orElse(null);
        if (hint != null) {
            connections.add(hint::close);
        }
        FailoverRun.Parts parts = new FailoverRun.Parts(
                settings.region(),
                new FailoverPlanner(settings.region(), settings.cacheName()),
                controlPlane(settings, elastiCache),
                new LambdaPulse(settings.region(), settings.pulseFunction(), lambda),
                hint,
                new Route53Record(settings.hostedZone(), settings.record(), route53),
                settings.autoPromote(),
                new LagCheck(
                        settings.datastore()
                                .map(datastore -> new CloudWatchLag(datastore.group(), cloudWatch))
                                .orElse(null),
                        log,
                        time),
                limits,
                metrics,
                log,
                time);
        Optional<String> group = settings.datastore().map(FailoverSettings.Datastore::group);
        Failover failover = new Failover(
                new PromotionEvents(group, settings.topic()),
                trigger -> new FailoverRun(parts, trigger).go(),
                metrics,
                log);
        return new Made(failover, () -> connections.forEach(Runnable::run), metrics, log, time);
    }

    private static ControlPlane controlPlane(FailoverSettings settings, AwsApi<ElastiCacheClient> api) {
        return settings.datastore()
                .<ControlPlane>map(datastore -> new ElastiCacheControlPlane(
                        new ElastiCacheControlPlane.Own(settings.region(), datastore.id(), datastore.group()), api))
                .orElseGet(NoControlPlane::new);
    }
}
