package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.burgee.failure.MisconfiguredException;
import dev.burgee.json.Json;
import dev.burgee.json.JsonTree;
import dev.burgee.read.ReadFlagHandler;
import dev.burgee.write.WriteFlagHandler;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that cannot work stop a function from starting; secrets that cannot work stop it from answering. */
final class BadSettingsIT {
    private static final String CANARY = "secret-canary";

    /** Both functions, as Lambda makes them. */
    enum Function {
        READ,
        WRITE
    }

    private final SecretsStandIn secrets = SecretsStandIn.start(ApiWorld.REGION);
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ApiDocument document = ApiDocument.read();

    @AfterEach
    void close() {
        secrets.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void aFunctionRefusesToStartAndNamesEveryProblem(
            String name, Map<String, String> environment, List<String> problems) {
        for (Function function : Function.values()) {
            assertThatThrownBy(() -> start(function, environment))
                    .as(function.name())
                    .isInstanceOfSatisfying(MisconfiguredException.class, refusal -> {
                        assertThat(refusal.problems()).hasSameSizeAs(problems);
                        for (String problem : problems) {
                            assertThat(refusal.problems()).anyMatch(found -> found.contains(problem));
                        }
                        assertThat(refusal.text()).doesNotContain(CANARY);
                    });
        }
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                Arguments.of(
                        "nothing at all",
                        Map.of(),
                        List.of(
                                "AWS_REGION is not set",
                                "BURGEE_KEYS_SECRET is not set",
                                "BURGEE_TOPOLOGY_SECRET is not set, and neither is REDIS_PRIMARY_URL")),
                Arguments.of(
                        "everything wrong",
                        Map.of(
                                "AWS_REGION", "Ireland",
                                "BURGEE_KEYS_SECRET", " ",
                                "BURGEE_TOPOLOGY_SECRET", "burgee/topology",
                                "REDIS_PASSWORD", CANARY,
                                "BURGEE_OPEN_READS", "yes",
                                "BURGEE_CORS_ORIGINS", "admin.example.com",
                                "BURGEE_LOCAL_READ_MS", "50ms",
                                "BURGEE_WHOLE_READ_MS", "5000",
                                "BURGEE_TOPOLGY_SECRET", "x"),
                        List.of(
                                "BURGEE_TOPOLGY_SECRET is not a variable that Burgee knows",
                                "AWS_REGION is \"Ireland\"",
                                "BURGEE_OPEN_READS is \"yes\"",
                                "BURGEE_KEYS_SECRET is not set",
                                "BURGEE_CORS_ORIGINS has \"admin.example.com\"",
                                "BURGEE_LOCAL_READ_MS is \"50ms\"",
                                "BURGEE_WHOLE_READ_MS is \"5000\"",
                                "REDIS_PASSWORD is set, but BURGEE_TOPOLOGY_SECRET")),
                Arguments.of(
                        "rubbish addresses",
                        with(Map.of(
                                "REDIS_PRIMARY_URL", "http://" + CANARY,
                                "REDIS_REPLICA_URL", "redis://:" + CANARY + "@host:99999",
                                "BURGEE_LEDGER_ENDPOINT", "ftp://" + CANARY,
                                "BURGEE_LEDGER_TABLE", "x",
                                "AWS_ENDPOINT_URL_SECRETS_MANAGER", "not a url")),
                        List.of(
                                "AWS_ENDPOINT_URL_SECRETS_MANAGER must be http://host:port or https://host:port",
                                "REDIS_PRIMARY_URL must be redis://host:port or rediss://host:port",
                                "REDIS_REPLICA_URL must be redis://host:port or rediss://host:port",
                                "BURGEE_LEDGER_ENDPOINT must be http://host:port",
                                "BURGEE_LEDGER_TABLE must be the name")),
                Arguments.of(
                        "no password with TLS",
                        with(Map.of("REDIS_PRIMARY_URL", "rediss://cache.example.com:6379")),
                        List.of("REDIS_PASSWORD is missing, but caches with rediss:// need one")),
                Arguments.of(
                        "two users",
                        with(Map.of(
                                "REDIS_PRIMARY_URL", "redis://one:" + CANARY + "@a",
                                "REDIS_REPLICA_URL", "redis://two:" + CANARY + "@b")),
                        List.of("name different users")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("topologies")
    void aTopologyThatCannotBeUsedIsLoggedWithEveryProblemAndAnsweredWith503(
            String name, String topology, List<String> problems) {
        secrets.put(FunctionEnvironment.KEYS_SECRET, DevKey.secret());
        secrets.put(FunctionEnvironment.TOPOLOGY_SECRET, topology);

        for (Function function : Function.values()) {
            ApiAnswer answer = call(start(function, environment()), function);

            assertThat(answer.status()).as("%s", answer).isEqualTo(503);
            assertThat(answer.kind()).isEqualTo("unavailable");
            assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
            assertThat(String.valueOf(answer.json().get("detail"))).contains("topology");
            assertLogged("topology", problems);
            assertThat(answer.body()).doesNotContain(CANARY);
        }
    }

    static Stream<Arguments> topologies() {
        return Stream.of(
                Arguments.of("not JSON", "password=" + CANARY, List.of("is not valid JSON")),
                Arguments.of("empty", "", List.of("is empty")),
                Arguments.of("another type", "[\"" + CANARY + "\"]", List.of("must be a JSON object")),
                Arguments.of(
                        "nothing in it",
                        "{}",
                        List.of(
                                "/primary must be",
                                "/regions must be an object",
                                "/ledger/regions must be an object",
                                "/ledger/table must be")),
                Arguments.of(
                        "no password with TLS",
                        topology("us-east-1", null, "us-east-1", "rediss://cache.example.com:6379"),
                        List.of("/password is missing, but caches with rediss:// need one")),
                Arguments.of(
                        "a rubbish address",
                        topology("us-east-1", CANARY, "us-east-1", "https://" + CANARY + ":x"),
                        List.of("/regions/us-east-1/cache must be redis://host:port or rediss://host:port")),
                Arguments.of(
                        "an address with a password",
                        topology("us-east-1", null, "us-east-1", "redis://:" + CANARY + "@host"),
                        List.of("/regions/us-east-1/cache has a name or password in it")),
                Arguments.of(
                        "regions of another form",
                        topology("Frankfurt", CANARY, "EU (Ireland)", "redis://host"),
                        List.of(
                                "/primary must be an AWS region code",
                                "but is \"Frankfurt\"",
                                "/regions/EU (Ireland) must be an AWS region code")),
                Arguments.of(
                        "a primary without a cache",
                        topology("eu-west-1", CANARY, "us-east-1", "redis://host"),
                        List.of("/primary is eu-west-1, which is not among /regions")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keyRings")
    void keysThatCannotBeUsedAreLoggedWithEveryProblemAndAnsweredWith503(
            String name, String keys, List<String> problems) {
        secrets.put(FunctionEnvironment.KEYS_SECRET, keys);

        for (Function function : Function.values()) {
            ApiAnswer answer = call(start(function, environment()), function);

            assertThat(answer.status()).as("%s", answer).isEqualTo(503);
            assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
            assertLogged("keys", problems);
        }
    }

    static Stream<Arguments> keyRings() {
        return Stream.of(
                Arguments.of("not JSON", CANARY, List.of("is not valid JSON")),
                Arguments.of("no list", "{\"keys\":{}}", List.of("list \"keys\"")),
                Arguments.of("an empty list", "{\"keys\":[]}", List.of("/keys has 0 keys, but must have 1 to 100")),
                Arguments.of(
                        "everything wrong",
                        "{\"keys\":[{\"name\":\"\",\"scope\":\"root\",\"sha256\":\"" + CANARY + "\"},7]}",
                        List.of(
                                "/keys/0/name",
                                "/keys/0/scope must be \"read\" or \"admin\"",
                                "/keys/0/sha256 must be the 64 hex digits",
                                "/keys/1 must be an object")));
    }

    @Test
    void secretsThatAreNotThereOrOutOfReachAreAnsweredWith503() {
        for (Function function : Function.values()) {
            ApiAnswer missing = call(start(function, environment()), function);
            secrets.down(true);
            ApiAnswer unreachable = call(start(function, environment()), function);
            secrets.down(false);

            assertThat(missing.status()).isEqualTo(503);
            assertThat(unreachable.status()).isEqualTo(503);
            assertLogged("keys", List.of("ResourceNotFoundException", "did not answer within"));
        }
    }

    @Test
    void theSameFunctionAnswersOnceItsSecretsAreMended() throws InterruptedException {
        secrets.put(FunctionEnvironment.KEYS_SECRET, CANARY);
        RequestStreamHandler read = start(Function.READ, environment());
        assertThat(call(read, Function.READ).status()).isEqualTo(503);

        secrets.put(FunctionEnvironment.KEYS_SECRET, DevKey.secret());

        long end = System.nanoTime() + 10_000_000_000L;
        int attempts = 0;
        String detail;
        do {
            detail = String.valueOf(call(read, Function.READ).body());
            attempts++;
        } while (detail.contains("the keys could not be fetched") && System.nanoTime() < end);
        assertThat(detail).as("after %s attempts", attempts).contains("the topology could not be fetched");
    }

    private void assertLogged(String secret, List<String> problems) {
        String lines = output.toString(StandardCharsets.UTF_8);
        assertThat(lines).doesNotContain(CANARY);
        List<String> told = lines.lines()
                .map(JsonTree::of)
                .filter(line -> line.has("secret") && line.text("secret").equals(secret))
                .filter(line -> line.text("event").equals("secret_unavailable"))
                .map(line -> line.text("problem"))
                .toList();
        assertThat(String.join("\n", told)).contains(problems);
    }

    private RequestStreamHandler start(Function function, Map<String, String> environment) {
        PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
        return switch (function) {
            case READ -> new ReadFlagHandler(environment, out);
            case WRITE -> new WriteFlagHandler(environment, out);
        };
    }

    private ApiAnswer call(RequestStreamHandler handler, Function function) {
        ApiRequest request = function == Function.READ
                ? ApiRequest.of("GET", "/api/config/flags/a").key("dev-read")
                : ApiRequest.of("PUT", "/api/admin/flags/a")
                        .key("dev-admin")
                        .body("{\"state\":\"ENABLED\",\"variants\":{\"a\":1}}");
        ApiAnswer answer = ApiAnswer.of(ApiWorld.invoke(handler, request.event().getBytes(StandardCharsets.UTF_8)));
        assertThat(document.problems(request.method(), request.path(), answer)).isEmpty();
        return answer;
    }

    private Map<String, String> environment() {
        return FunctionEnvironment.variables(ApiWorld.REGION, "any", secrets.endpoint(), Map.of());
    }

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> environment =
                new LinkedHashMap<>(Map.of("AWS_REGION", "eu-west-1", "BURGEE_KEYS_SECRET", "burgee/keys"));
        environment.putAll(more);
        return environment;
    }

    private static String topology(String primary, @Nullable String password, String region, String cache) {
        Map<String, Object> topology = new LinkedHashMap<>();
        topology.put("primary", primary);
        if (password != null) {
            topology.put("password", password);
        }
        topology.put("regions", Map.of(region, Map.of("cache", cache)));
        topology.put("ledger", Map.of("table", "burgee-ledger", "regions", Map.of("us-east-1", Map.of())));
        return Json.write(topology);
    }
}
