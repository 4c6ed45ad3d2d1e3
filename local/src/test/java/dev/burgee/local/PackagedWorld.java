package dev.burgee.local;

import static dev.burgee.local.Geography.EU_WEST_1;

import dev.burgee.local.runtime.FunctionProcess;
import dev.burgee.local.runtime.PackagedFunctions;
import dev.burgee.local.runtime.Template;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A world of three regions, and the zips that are deployed, ready to be started in one of them that has a replica. The
 * world's own functions run as well, but for their schedules. Thread-safe.
 */
public final class PackagedWorld implements AutoCloseable {
    /** What {@code local/baseline} is called; see {@link #unpackBaseline}. */
    public static final String BASELINE = "burgee-baseline";

    /** Generous, as in {@link ApiWorld}: what is tested here are answers and not their speed. */
    static final Map<String, String> GENEROUS = Map.of(
            "/burgee/local/limits/local-connect-ms", "2000",
            "/burgee/local/limits/local-read-ms", "300",
            "/burgee/local/limits/cross-connect-ms", "2000",
            "/burgee/local/limits/cross-read-ms", "400",
            "/burgee/local/limits/cross-write-ms", "2000",
            "/burgee/local/limits/ledger-call-ms", "3000",
            "/burgee/local/limits/aws-call-ms", "4000",
            // no tier begins that does not fit into what is left of it
            "/burgee/local/limits/whole-read-ms", "1300");

    /** That of the samples. */
    private static final String FLAG = "new-checkout";

    private static final Duration PROPAGATION_MAX = Duration.ofSeconds(10);

    private final World world;
    private final Path folder;
    private final PackagedFunctions functions;

    private PackagedWorld(World world, Path folder, Map<String, String> limits) {
        this.world = world;
        this.folder = folder;
        functions = PackagedFunctions.ofTemplate(folder, given(), limits, outside());
    }

    /**
     * Starts one.
     *
     * @param folder an empty one, for the zips that {@code mvnw package} left
     * @param limits that are not to have the defaults of infra/settings.yaml, by SSM parameter
     */
    public static PackagedWorld start(Path folder, Map<String, String> limits) {
        World world = World.start(WorldOptions.ofThreeRegions(Functions.shipped())
                .withoutDistances()
                // its own pulses stay away: what is done here, the packaged functions do
                .withPulse(Duration.ofMinutes(10)));
        try {
            return new PackagedWorld(world, folder, limits);
        } catch (RuntimeException e) {
            world.close();
            throw e;
        }
    }

    /** The functions of {@code template.yaml}. */
    public PackagedFunctions functions() {
        return functions;
    }

    /** Unpacks the baseline, once; it gets the variables that it needs, and the JVM's options of the functions. */
    public FunctionProcess.Plan unpackBaseline() {
        Map<String, String> read = functions.function(RegionFunctions.READ).variables();
        Map<String, String> variables = new TreeMap<>();
        List.of("JAVA_TOOL_OPTIONS", "BURGEE_TOPOLOGY_SECRET", "BURGEE_KEYS_SECRET")
                .forEach(name -> variables.put(name, read.getOrDefault(name, "")));
        variables.put("POWERTOOLS_METRICS_NAMESPACE", "Burgee");
        variables.put("POWERTOOLS_SERVICE_NAME", "baseline");
        Template.Function baseline = new Template.Function(
                BASELINE,
                "dev.burgee.baseline.BaselineHandler::handleRequest",
                Path.of("local/baseline/target/burgee-baseline.zip"),
                functions.function(RegionFunctions.READ).timeoutSeconds(),
                functions.function(RegionFunctions.READ).memoryMb(),
                variables);
        return PackagedFunctions.of(folder, EU_WEST_1.code(), List.of(baseline), outside())
                .plan(BASELINE);
    }

    /** One event for each function, with which it does its usual work, by the function's name. */
    public Map<String, String> events() {
        Map<String, String> events = new LinkedHashMap<>();
        events.put(RegionFunctions.READ, sample("", "get-flag"));
        events.put(RegionFunctions.WRITE, sample("", "put-flag").replace("\"idempotency-key\"", "\"x-nobody-reads\""));
        events.put(RegionFunctions.PULSE, sample("pulse", "scheduled"));
        events.put(RegionFunctions.FAILOVER, sample("failover", "schedule"));
        events.put(BASELINE, sample("", "get-flag"));
        return events;
    }

    /** Puts the flag that {@link #events} reads, and waits until the region's replica shows it. */
    public void seed() {
        Api api = new Api(world.baseUri(EU_WEST_1));
        Reply put = api.put(FLAG, Api.document("seed"));
        if (put.status() / 100 != 2) {
            throw new IllegalStateException("the flag was refused: " + put.body());
        }
        // who reads at the home confirms what its cache shows, as its pulse would
        Api home = new Api(world.baseUri(world.geography().home()));
        await("the home's cache serves the flag", home, "primary");
        await("the replica serves the flag", api, "replica");
    }

    World world() {
        return world;
    }

    /** A sample of {@code events/}, as if it came from this world's topic and of its group. */
    String sample(String kind, String name) {
        String event = (kind.isEmpty() ? SampleEvents.read() : SampleEvents.read(kind)).get(name);
        if (event == null) {
            throw new IllegalArgumentException("events/" + kind + " has no " + name);
        }
        return ours(event);
    }

    /** The same event, as if it came from this world's topic and of its group. */
    static String ours(String event) {
        return event.replace("arn:aws:sns:eu-west-1:123456789012:burgee-cache", SnsStandIn.topicOf(EU_WEST_1))
                .replace("ldgnf-burgee-euw1", GlobalDatastore.groupOf(EU_WEST_1));
    }

    @Override
    public void close() {
        world.close();
    }

    private static void await(String what, Api api, String source) {
        Await.until(what, PROPAGATION_MAX, () -> source.equals(api.read(FLAG).source()));
    }

    private static Map<String, String> given() {
        Map<String, String> given = new TreeMap<>();
        given.put("AWS::Region", EU_WEST_1.code());
        given.put("Stage", "local");
        given.put("TopologySecret", FunctionEnvironment.TOPOLOGY_SECRET);
        given.put("KeysSecret", FunctionEnvironment.KEYS_SECRET);
        given.put("CorsOrigins", "*");
        given.put("GlobalDatastore", GlobalDatastore.ID);
        given.put("ReplicationGroup", GlobalDatastore.groupOf(EU_WEST_1));
        given.put("CacheName", FunctionEnvironment.cacheName(EU_WEST_1));
        given.put("CacheTopicArn", SnsStandIn.topicOf(EU_WEST_1));
        given.put("HostedZone", Route53StandIn.ZONE);
        given.put("PrimaryRecord", Route53StandIn.RECORD);
        given.put(
                "RegionPulseFunction.Alias",
                "arn:aws:lambda:eu-west-1:000000000000:function:" + RegionFunctions.PULSE + ":live");
        return given;
    }

    /** What no template sets. */
    private Map<String, String> outside() {
        Map<String, String> outside = new HashMap<>();
        outside.put("AWS_ACCESS_KEY_ID", "burgee");
        outside.put("AWS_SECRET_ACCESS_KEY", "burgee");
        outside.put("AWS_ENDPOINT_URL", world.aws().toString());
        outside.put(
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                world.secrets(EU_WEST_1).endpoint().toString());
        return outside;
    }
}
