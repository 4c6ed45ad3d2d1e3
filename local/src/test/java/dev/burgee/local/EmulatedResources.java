package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.aws.AwsClients;
import dev.burgee.json.Json;
import dev.burgee.json.JsonTree;
import dev.burgee.local.runtime.FunctionProcess;
import dev.burgee.local.runtime.PackagedFunctions;
import dev.burgee.local.runtime.RuntimeAnswer;
import dev.burgee.local.runtime.Template;
import dev.burgee.region.Region;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * The packaged functions of one region on what the templates made in an emulator, with the variables that its Lambda says
 * they have. Run by {@code scripts/check-deploy}, which writes the file that the property {@value #PROPERTY} names
 * ({@code scripts/deploy-checks/emulated_functions.py}); no test of its own.
 *
 * <p>The caches have no addresses there, so it is also a region whose caches are all gone. The emulator's ledger is a table
 * of its own in each region, not a global one: that MRSC is demanded, {@code ConsistencyCheckIT} shows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class EmulatedResources {
    static final String PROPERTY = "burgee.emulated";

    private static final Region HERE = Geography.EU_WEST_1;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ELASTICACHE = "http://elasticache.amazonaws.com/doc/2015-02-02/";
    private static final int EPOCH = 3;

    @TempDir
    private static Path folder;

    private final JsonTree deployed = read();
    private final JsonTree region = deployed.object("regions").object(HERE.code());
    private final URI emulator = URI.create(deployed.text("endpoint"));
    private final AwsStandIn promoted = AwsStandIn.start(
            List.of(HERE), Map.of("elasticache", _ -> primaryHere(), "lambda", _ -> pulseThatSeesTheHomeHere()));
    private final Map<String, FunctionProcess> started = new HashMap<>();
    private PackagedFunctions functions;

    @BeforeAll
    void unpack() {
        System.setProperty("aws.accessKeyId", "emulated");
        System.setProperty("aws.secretAccessKey", "emulated");
        functions = PackagedFunctions.of(
                folder,
                HERE.code(),
                region.object("functions").names().stream().map(this::function).toList(),
                Map.of(
                        "AWS_ACCESS_KEY_ID", "emulated",
                        "AWS_SECRET_ACCESS_KEY", "emulated",
                        "AWS_ENDPOINT_URL", emulator.toString()));
    }

    @AfterAll
    void close() {
        closeFunctions();
        promoted.close();
    }

    private void closeFunctions() {
        started.values().forEach(FunctionProcess::close);
        started.clear();
    }

    @Test
    @Order(1)
    void nobodyIsServedAsLongAsTheCreatedSecretHasNoKey() {
        ApiRequest get = request("GET", "/api/config/flags").key(DevKey.READ.text());

        Await.until("the secret is read, and refused", LIMIT, () -> {
            assertThat(status(RegionFunctions.READ, get)).isEqualTo(503);
            return running(RegionFunctions.READ).output().stream()
                    .anyMatch(line ->
                            line.contains("\"event\":\"secret_unavailable\"") && line.contains("/keys has 0 keys"));
        });
        // what it knows of the keys ends with it
        closeFunctions();
    }

    @Test
    @Order(2)
    void theKeysOfTheCreatedSecretOpenAndTheCreatedLedgerKeeps() {
        try (SecretsManagerClient secrets = AwsClients.build(
                SecretsManagerClient.builder(),
                new Region(deployed.text("primary")),
                LIMIT,
                variables(),
                "SECRETS_MANAGER")) {
            secrets.putSecretValue(request -> request.secretId(variable(RegionFunctions.READ, "BURGEE_KEYS_SECRET"))
                    .secretString(DevKey.secret()));
        }
        ApiRequest put = request("PUT", "/api/admin/flags/emulated")
                .key(DevKey.ADMIN.text())
                .body("{\"state\":\"ENABLED\",\"variants\":{\"on\":true,\"off\":false},\"defaultVariant\":\"on\"}");

        // the limits are those of production, the machine may be busy
        Await.until("a write is kept", LIMIT, () -> status(RegionFunctions.WRITE, put) / 100 == 2);
        ApiRequest get = request("GET", "/api/config/flags/emulated").key(DevKey.READ.text());
        Await.until("the flag is read", LIMIT, () -> status(RegionFunctions.READ, get) == 200);
        assertThat(answer(RegionFunctions.READ, get).header("Burgee-Source")).isEqualTo("database");
    }

    @Test
    @Order(3)
    void thePulseReadsTheTopologyAndTheLedger() {
        Await.until(
                "the ledger is reached", LIMIT, () -> report().object("ledger").bool("reachable"));

        JsonTree report = report();
        assertThat(report.object("home").text("region")).isEqualTo(deployed.text("primary"));
        assertThat(report.object("ledger").number("end")).isPositive();
    }

    private JsonTree report() {
        return JsonTree.of(answered(RegionFunctions.PULSE, "{\"action\":\"status\"}"));
    }

    @Test
    @Order(4)
    void anEventOfTheCreatedTopicMovesTheRecordOfTheCreatedZoneAndTheHint() {
        String event = Json.write(Map.of(
                "Records",
                List.of(Map.of(
                        "EventSource",
                        "aws:sns",
                        "EventVersion",
                        "1.0",
                        "EventSubscriptionArn",
                        variable(RegionFunctions.FAILOVER, "BURGEE_FAILOVER_TOPIC") + ":1",
                        "Sns",
                        region.value("promotion")))));

        // it throws as long as a step is left to be done, for example because a call took too long
        Await.until(
                "the failover is done",
                LIMIT,
                () -> invoke(RegionFunctions.FAILOVER, event) instanceof RuntimeAnswer.Answered(String json)
                        && JsonTree.of(json).number("promotions") == 1);

        assertThat(record()).isEqualTo(variable(RegionFunctions.FAILOVER, "BURGEE_CACHE_NAME"));
        assertThat(hint().text("region")).isEqualTo(HERE.code());
        assertThat(hint().number("epoch")).isEqualTo(EPOCH);
    }

    private String record() {
        try (Route53Client route53 = AwsClients.build(Route53Client.builder(), HERE, LIMIT, variables(), "ROUTE_53")) {
            String name = variable(RegionFunctions.FAILOVER, "BURGEE_PRIMARY_RECORD") + ".";
            return route53
                    .listResourceRecordSets(
                            request -> request.hostedZoneId(variable(RegionFunctions.FAILOVER, "BURGEE_HOSTED_ZONE")))
                    .resourceRecordSets()
                    .stream()
                    .filter(record ->
                            record.name().equals(name) && record.typeAsString().equals("CNAME"))
                    .map(ResourceRecordSet::resourceRecords)
                    .map(records -> records.getFirst().value())
                    .findFirst()
                    .orElse("none");
        }
    }

    private JsonTree hint() {
        try (SsmClient ssm = AwsClients.build(SsmClient.builder(), HERE, LIMIT, variables(), "SSM")) {
            return JsonTree.of(
                    ssm.getParameter(request -> request.name(variable(RegionFunctions.PULSE, "BURGEE_HOME_PARAMETER")))
                            .parameter()
                            .value());
        }
    }

    private AwsReply primaryHere() {
        String member = Xml.text("ReplicationGroupId", variable(RegionFunctions.FAILOVER, "BURGEE_REPLICATION_GROUP"))
                + Xml.text("ReplicationGroupRegion", HERE.code())
                + Xml.text("Role", "PRIMARY")
                + Xml.text("Status", "associated");
        String group =
                Xml.text("GlobalReplicationGroupId", variable(RegionFunctions.FAILOVER, "BURGEE_GLOBAL_DATASTORE"))
                        + Xml.text("Status", "available")
                        + Xml.element("Members", Xml.element("GlobalReplicationGroupMember", member));
        return AwsReply.xml(
                ELASTICACHE,
                "DescribeGlobalReplicationGroupsResponse",
                Xml.element(
                        "DescribeGlobalReplicationGroupsResult",
                        Xml.element("GlobalReplicationGroups", Xml.element("GlobalReplicationGroup", group))));
    }

    private static AwsReply pulseThatSeesTheHomeHere() {
        String report = PulseReport.replica(HERE.code(), HERE.code(), EPOCH)
                .asWritable()
                .json();
        return new AwsReply(200, Map.of("Content-Type", "application/json"), report);
    }

    private static JsonTree read() {
        String file = System.getProperty(PROPERTY, "");
        if (file.isBlank()) {
            throw new IllegalStateException("run by scripts/check-deploy, which sets " + PROPERTY);
        }
        try {
            return JsonTree.of(Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Template.Function function(String name) {
        JsonTree told = region.object("functions").object(name);
        Map<String, String> variables = new HashMap<>(told.object("variables").texts());
        if (name.equals(RegionFunctions.FAILOVER)) {
            // of the control plane and of a pulse with caches the emulator has nothing
            variables.put("AWS_ENDPOINT_URL_ELASTICACHE", promoted.uri().toString());
            variables.put("AWS_ENDPOINT_URL_LAMBDA", promoted.uri().toString());
        }
        return new Template.Function(
                name,
                told.text("handler"),
                Path.of(told.text("zip")),
                (int) told.number("timeout"),
                (int) told.number("memory"),
                variables);
    }

    private String variable(String function, String name) {
        return region.object("functions").object(function).object("variables").text(name);
    }

    private Map<String, String> variables() {
        return Map.of("AWS_ENDPOINT_URL", emulator.toString());
    }

    private static ApiRequest request(String method, String path) {
        return ApiRequest.of(method, path);
    }

    private int status(String function, ApiRequest request) {
        return answer(function, request).status();
    }

    private ApiAnswer answer(String function, ApiRequest request) {
        return ApiAnswer.of(answered(function, request.event()));
    }

    private String answered(String name, String event) {
        RuntimeAnswer answer = invoke(name, event);
        if (answer instanceof RuntimeAnswer.Answered(String json)) {
            return json;
        }
        throw new AssertionError(name + " failed: " + answer + "\n"
                + String.join("\n", running(name).output()));
    }

    private RuntimeAnswer invoke(String name, String event) {
        return running(name)
                .invoke(event, Duration.ofSeconds(functions.function(name).timeoutSeconds()));
    }

    private FunctionProcess running(String name) {
        FunctionProcess process = started.get(name);
        if (process == null) {
            process = FunctionProcess.start(functions.plan(name));
            started.put(name, process);
            process.awaitInit(LIMIT);
        }
        return process;
    }
}
