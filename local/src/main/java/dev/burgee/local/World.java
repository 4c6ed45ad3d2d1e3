package dev.burgee.local;

import dev.burgee.region.Region;
import dev.burgee.servers.DynamoNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The whole world on one machine: caches, ledger, secrets, functions and the network between regions. Thread-safe. */
final class World implements AutoCloseable {
    private static final int PASSWORD_BYTES = 24;
    private static final Duration DNS_PENDING = Duration.ofSeconds(1);
    private static final Duration FIRST_PULSE_LIMIT = Duration.ofSeconds(10);

    private final Geography geography;
    private final WorldOptions options;
    private final Network network;
    private final Caches caches;
    private final FunctionOutput output = new FunctionOutput();
    private final Map<Region, SecretsStandIn> secrets = new LinkedHashMap<>();
    private final Map<Region, RegionFunctions> functions = new ConcurrentHashMap<>();
    private final AsyncInvocations async = new AsyncInvocations();
    private final Route53StandIn dns = new Route53StandIn(DNS_PENDING);
    private final SnsStandIn sns = new SnsStandIn(region -> functions(region).get(RegionFunctions.FAILOVER), async);
    private final AwsStandIn aws;
    private final Map<Region, RegionGateway> gateways = new LinkedHashMap<>();
    private volatile @Nullable ControlApi control;
    private volatile @Nullable Promotions promotions;
    private final CountDownLatch quit = new CountDownLatch(1);
    private final Thread end = new Thread(this::close, "end-of-the-world");
    // the last opened is closed first
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private World(WorldOptions options) {
        this.options = options;
        this.geography = Geography.of(options.regions(), options.distances());
        this.network = new Network(geography);
        this.caches = new Caches(geography, network, new FreePorts(new SecureRandom()), randomPassword());
        this.aws = AwsStandIn.start(
                geography.regions(),
                Map.of(
                        "elasticache", new ElastiCacheStandIn(caches, geography, sns::publishPromotion),
                        "route53", dns,
                        "ssm", new SsmStandIn(),
                        // no figures: nobody but the pulses measures here
                        "monitoring",
                                _ -> AwsReply.xml(
                                        "http://monitoring.amazonaws.com/doc/2010-08-01/",
                                        "GetMetricDataResponse",
                                        Xml.element("GetMetricDataResult", "<MetricDataResults/>")),
                        "lambda",
                                new LambdaStandIn(
                                        (region, name) -> functions(region).named(name), async)));
    }

    /** Starts a world and tells nobody about it. */
    static World start(WorldOptions options) {
        return start(options, step -> {});
    }

    /**
     * Starts a world; when this returns, everything is warm.
     *
     * @param progress told each step as it begins
     * @throws PortTakenException when one of the ports is taken
     */
    static World start(WorldOptions options, Consumer<String> progress) {
        keepConnections();
        useDevCredentials();
        LoopbackHttp.sendAtOnce();
        checkPorts(options);
        int ended = LeftoverCaches.end(Path.of(System.getProperty("java.io.tmpdir")));
        if (ended > 0) {
            progress.accept("ended " + ended + " cache servers of a world that was killed");
        }
        var world = new World(options);
        Runtime.getRuntime().addShutdownHook(world.end);
        try {
            world.open(progress);
        } catch (RuntimeException e) {
            world.close();
            throw e;
        }
        return world;
    }

    Geography geography() {
        return geography;
    }

    Network network() {
        return network;
    }

    Caches caches() {
        return caches;
    }

    FunctionOutput output() {
        return output;
    }

    /** Where one region's API answers. */
    URI baseUri(Region region) {
        return gateway(region).uri();
    }

    /** How many reads one region's API has answered, by {@code Burgee-Source}. */
    Map<String, Long> reads(Region region) {
        return gateway(region).reads().soFar();
    }

    /** Where the control API answers. */
    URI control() {
        ControlApi api = control;
        if (api == null) {
            throw new IllegalStateException("the world has not started yet");
        }
        return api.uri();
    }

    /** Where the stand-ins of AWS's APIs answer. */
    URI aws() {
        return aws.uri();
    }

    Route53StandIn dns() {
        return dns;
    }

    /** Events that functions were sent and nobody waited for. */
    OutputRing events() {
        return async.attempts();
    }

    /** Publishes an SNS message to a region's failover function. */
    void publish(Region region, String message) {
        sns.publish(region, message);
    }

    /**
     * What ElastiCache does on a promotion.
     *
     * @param silent without its event
     */
    void promote(Region region, boolean silent) {
        caches.promote(region);
        if (!silent) {
            sns.publishPromotion(region);
        }
    }

    /** How many promotions the ledger counts; empty when it does not say. */
    OptionalLong epoch() {
        Promotions ledger = promotions;
        return ledger == null ? OptionalLong.empty() : ledger.epoch();
    }

    /** One region's stand-in for Secrets Manager. */
    SecretsStandIn secrets(Region region) {
        SecretsStandIn standIn = secrets.get(region);
        if (standIn == null) {
            throw new IllegalArgumentException("region " + region + " is not in this world: " + geography.regions());
        }
        return standIn;
    }

    /** Cuts a region's network to all others. */
    void isolate(Region region) {
        network.isolate(region, true);
    }

    /** Undoes {@link #isolate}; the region's cache then follows whom the others follow. */
    void heal(Region region) {
        network.isolate(region, false);
        caches.rejoin();
    }

    /** Undoes every fault: network, ledger, secrets, and cache servers that are stopped or hang. */
    void healAll() {
        network.healAll();
        dns.refuse(false);
        secrets.values().forEach(standIn -> standIn.down(false));
        caches.rejoin();
        geography.regions().forEach(caches::start);
    }

    /** Lets {@link #awaitQuit} return. */
    void quit() {
        quit.countDown();
    }

    /** Waits for somebody to {@link #quit}. */
    void awaitQuit() throws InterruptedException {
        quit.await();
    }

    @Override
    public void close() {
        for (AutoCloseable next = nextToClose(); next != null; next = nextToClose()) {
            try {
                next.close();
            } catch (Exception e) {
                // the rest must be closed all the same
            }
        }
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // this is the shutdown
        }
    }

    private void open(Consumer<String> progress) {
        opened(caches);
        opened(network);
        opened(async);
        opened(aws);
        progress.accept("starting the ledger (DynamoDB Local) and " + options.regions() + " caches (Redis)");
        DynamoNode dynamo = startServers();
        for (Region region : geography.regions()) {
            for (Region ledgerRegion : geography.ledgerRegions()) {
                network.connect(Link.ledger(region, ledgerRegion), dynamo.port());
            }
        }
        promotions = opened(new Promotions(geography.ledgerRegions().getFirst(), dynamo.endpoint()));
        progress.accept("starting the functions of " + options.regions() + " regions");
        geography.regions().forEach(this::openRegion);
        control = opened(ControlApi.start(options.port(), this));
        progress.accept("warming the functions up");
        Schedule schedule = opened(new Schedule(
                options.pulse(),
                geography.regions().stream()
                        .flatMap(region -> functions(region).scheduled().stream())
                        .toList()));
        CompletableFuture<Void> firstPulses = schedule.once();
        new WarmUp(gateways.values().stream().map(RegionGateway::uri).toList()).run();
        await(firstPulses);
        schedule.start();
        // what was printed so far is about cold starts that nobody waited for
        output.metrics().clear();
        output.logs().clear();
    }

    /** Both at once; each takes seconds. */
    private DynamoNode startServers() {
        connectCaches();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("start-", 0).factory())) {
            CompletableFuture<DynamoNode> ledger = CompletableFuture.supplyAsync(() -> opened(startLedger()), threads);
            CompletableFuture<Void> replicas = CompletableFuture.runAsync(() -> caches.startAll(threads), threads);
            // waits for both, whichever fails, so that there is nothing half started to be closed
            CompletableFuture.allOf(ledger, replicas).join();
            return ledger.join();
        }
    }

    private static DynamoNode startLedger() {
        DynamoNode dynamo = DynamoNode.start();
        try {
            dynamo.createTable(FunctionEnvironment.TABLE);
            return dynamo;
        } catch (RuntimeException e) {
            dynamo.close();
            throw e;
        }
    }

    private void connectCaches() {
        for (Region region : geography.regions()) {
            for (Region other : geography.regions()) {
                if (!other.equals(region)) {
                    int port = caches.node(other).port();
                    network.connect(Link.cache(region, other), port);
                    // any region may be the primary one day
                    network.connect(Link.replication(region, other), port);
                }
            }
        }
    }

    private void openRegion(Region region) {
        SecretsStandIn standIn = opened(SecretsStandIn.start(region));
        standIn.put(
                FunctionEnvironment.TOPOLOGY_SECRET, FunctionEnvironment.topology(region, geography, network, caches));
        standIn.put(FunctionEnvironment.KEYS_SECRET, DevKey.secret());
        secrets.put(region, standIn);
        int index = geography.regions().indexOf(region) + 1;
        int port = options.port() == 0 ? 0 : options.port() + index;
        var environment =
                new FunctionEnvironment(region, standIn.endpoint(), aws.uri(), options.pulse(), options.environment());
        RegionFunctions hosts = opened(new RegionFunctions(environment, options, output));
        functions.put(region, hosts);
        gateways.put(
                region,
                opened(RegionGateway.start(port, hosts.get(RegionFunctions.READ), hosts.get(RegionFunctions.WRITE))));
    }

    private RegionGateway gateway(Region region) {
        RegionGateway found = gateways.get(region);
        if (found == null) {
            throw new IllegalArgumentException("region " + region + " is not in this world: " + geography.regions());
        }
        return found;
    }

    private RegionFunctions functions(Region region) {
        RegionFunctions found = functions.get(region);
        if (found == null) {
            throw new IllegalArgumentException("region " + region + " is not in this world: " + geography.regions());
        }
        return found;
    }

    private static void await(CompletableFuture<Void> firstPulses) {
        try {
            firstPulses.get(FIRST_PULSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // "ready" does not wait for a slow pulse: its schedule brings the next one
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable AutoCloseable nextToClose() {
        synchronized (open) {
            return open.poll();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        synchronized (open) {
            open.push(closeable);
        }
        return closeable;
    }

    /**
     * An execution environment of Lambda has its connections for itself; here they all share the process's idle ones, of
     * which Java keeps five. One that is not kept costs its caller an ocean's crossing.
     */
    private static void keepConnections() {
        System.setProperty("http.maxConnections", "100");
    }

    /** The SDK's clients look for credentials; nobody checks these. DynamoDB Local wants letters and digits. */
    private static void useDevCredentials() {
        System.setProperty("aws.accessKeyId", "burgee");
        System.setProperty("aws.secretAccessKey", "burgee");
    }

    private static void checkPorts(WorldOptions options) {
        for (int port = options.port(); options.port() != 0 && port <= options.port() + options.regions(); port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.setReuseAddress(true);
            } catch (java.net.BindException e) {
                throw new PortTakenException(port, e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String randomPassword() {
        var bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
