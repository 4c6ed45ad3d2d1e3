package dev.burgee.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.burgee.auth.Scope;
import dev.burgee.failure.MisconfiguredException;
import dev.burgee.region.Region;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FunctionSettingsTest {
    private static final Region HOME = new Region("us-east-1");
    private static final Region HERE = new Region("eu-west-1");

    @Test
    void hasTheDefaultsOfTheDesign() {
        assertThat(settings(
                        Map.of("AWS_REGION", "eu-west-1", "BURGEE_TOPOLOGY_SECRET", "t", "BURGEE_KEYS_SECRET", "k")))
                .isEqualTo(new FunctionSettings(
                        new CommonSettings(HERE, Optional.empty(), new TopologyOrigin.InSecret("t"), Limits.DEFAULTS),
                        Optional.of("k"),
                        false,
                        false,
                        List.of()));
    }

    @Test
    void theSimpleVariablesHaveDefaultsToo() {
        var settings = settings(
                Map.of("AWS_REGION", "eu-west-1", "REDIS_PRIMARY_URL", "redis://p", "BURGEE_KEYS_SECRET", "k"));

        assertThat(settings.common().topology())
                .isEqualTo(new TopologyOrigin.InVariables(new Topology(
                        HOME,
                        null,
                        null,
                        Map.of(HOME, URI.create("redis://p:6379"), HERE, URI.create("redis://p:6379")),
                        "burgee-ledger",
                        Map.of(HOME, Optional.empty()))));
    }

    @Test
    void readsEveryVariable() {
        var settings = settings(Map.ofEntries(
                Map.entry("AWS_REGION", "eu-west-1"),
                Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "7"),
                Map.entry("REDIS_PRIMARY_URL", "rediss://p:1"),
                Map.entry("REDIS_REPLICA_URL", "rediss://r:2"),
                Map.entry("REDIS_USERNAME", "u"),
                Map.entry("REDIS_PASSWORD", "w"),
                Map.entry("BURGEE_PRIMARY_REGION", "us-east-2"),
                Map.entry("BURGEE_LEDGER_TABLE", "flags"),
                Map.entry("BURGEE_LEDGER_REGIONS", "us-east-1,us-east-2"),
                Map.entry("BURGEE_LEDGER_ENDPOINT", "http://127.0.0.1:8000"),
                Map.entry("BURGEE_KEYS_SECRET", "k"),
                Map.entry("BURGEE_OPEN_READS", "true"),
                Map.entry("BURGEE_ADMIN_TOKENS", "true"),
                Map.entry("BURGEE_CORS_ORIGINS", "https://a.example, http://localhost:3000"),
                Map.entry("BURGEE_LOCAL_READ_MS", "40")));

        Optional<URI> endpoint = Optional.of(URI.create("http://127.0.0.1:8000"));
        assertThat(settings.common().region()).isEqualTo(HERE);
        assertThat(settings.common().functionVersion()).contains("7");
        assertThat(settings.common().topology())
                .isEqualTo(new TopologyOrigin.InVariables(new Topology(
                        new Region("us-east-2"),
                        "u",
                        "w",
                        Map.of(new Region("us-east-2"), URI.create("rediss://p:1"), HERE, URI.create("rediss://r:2")),
                        "flags",
                        Map.of(HOME, endpoint, new Region("us-east-2"), endpoint))));
        assertThat(settings.keysSecret()).contains("k");
        assertThat(settings.openReads()).isTrue();
        assertThat(settings.adminTokens()).isTrue();
        assertThat(settings.corsOrigins()).containsExactly("https://a.example", "http://localhost:3000");
        assertThat(settings.common().limits().localRead()).hasMillis(40);
    }

    @Test
    void onlyOpenReadsNeedNoKeys() {
        Map<String, String> open =
                Map.of("AWS_REGION", "eu-west-1", "BURGEE_TOPOLOGY_SECRET", "t", "BURGEE_OPEN_READS", "true");

        assertThat(FunctionSettings.from(new Environment(open), Scope.READ).keysSecret())
                .isEmpty();
        assertThat(problems(open, Scope.ADMIN)).containsExactly("BURGEE_KEYS_SECRET is not set");
    }

    @Test
    void namesEverythingThatIsMissing() {
        assertThat(problems(Map.of(), Scope.READ))
                .containsExactly(
                        "BURGEE_KEYS_SECRET is not set",
                        "AWS_REGION is not set",
                        "BURGEE_TOPOLOGY_SECRET is not set, and neither is REDIS_PRIMARY_URL");
    }

    @Test
    void namesEverythingThatIsWrongAndNeverAPassword() {
        Map<String, String> bad = Map.ofEntries(
                Map.entry("AWS_REGION", "Dublin"),
                Map.entry("REDIS_PRIMARY_URL", "http://u:hunter2@p"),
                Map.entry("REDIS_REPLICA_URL", "hunter2"),
                Map.entry("BURGEE_PRIMARY_REGION", "home"),
                Map.entry("BURGEE_LEDGER_REGIONS", "x"),
                Map.entry("BURGEE_LEDGER_ENDPOINT", "127.0.0.1"),
                Map.entry("BURGEE_LEDGER_TABLE", "a b"),
                Map.entry("BURGEE_OPEN_READS", "yes"),
                Map.entry("BURGEE_ADMIN_TOKENS", "1"),
                Map.entry("BURGEE_CORS_ORIGINS", "a.example,https://b.example/"),
                Map.entry("BURGEE_WHOLE_READ_MS", "5000"),
                Map.entry("BURGEE_LOCAL_READ", "50"));

        assertThat(problems(bad, Scope.READ))
                .containsExactly(
                        "BURGEE_LOCAL_READ is not a variable that Burgee knows; is it misspelt?",
                        "BURGEE_OPEN_READS is \"yes\", but must be true or false",
                        "BURGEE_ADMIN_TOKENS is \"1\", but must be true or false",
                        "BURGEE_KEYS_SECRET is not set",
                        "BURGEE_CORS_ORIGINS has \"a.example\", but must have origins such as https://admin.example.com, or *",
                        "BURGEE_CORS_ORIGINS has \"https://b.example/\", but must have origins such as https://admin.example.com, or *",
                        "AWS_REGION is \"Dublin\", but must be an AWS region code, for example eu-west-1",
                        "BURGEE_WHOLE_READ_MS is \"5000\", but must be a whole number of milliseconds from 1 to 1300",
                        "BURGEE_LEDGER_REGIONS is \"x\", but must be an AWS region code, for example eu-west-1",
                        "BURGEE_PRIMARY_REGION is \"home\", but must be an AWS region code, for example eu-west-1",
                        "REDIS_PRIMARY_URL must be redis://host:port or rediss://host:port",
                        "REDIS_REPLICA_URL must be redis://host:port or rediss://host:port",
                        "BURGEE_LEDGER_ENDPOINT must be http://host:port or https://host:port",
                        "BURGEE_LEDGER_TABLE must be the name of a DynamoDB table: 3 to 255 characters out of A-Z a-z 0-9 _ . -");
        assertThat(thrown(bad, Scope.READ).text()).startsWith("settings: ").doesNotContain("hunter2");
    }

    @Test
    void oneWayToNameTheTopologyIsEnough() {
        Map<String, String> both = Map.of(
                "AWS_REGION",
                "eu-west-1",
                "BURGEE_KEYS_SECRET",
                "k",
                "BURGEE_TOPOLOGY_SECRET",
                "t",
                "REDIS_PRIMARY_URL",
                "redis://p",
                "BURGEE_LEDGER_TABLE",
                "flags");

        assertThat(problems(both, Scope.READ))
                .containsExactly(
                        "REDIS_PRIMARY_URL is set, but BURGEE_TOPOLOGY_SECRET says it already",
                        "BURGEE_LEDGER_TABLE is set, but BURGEE_TOPOLOGY_SECRET says it already");
    }

    private static FunctionSettings settings(Map<String, String> variables) {
        return FunctionSettings.from(new Environment(variables), Scope.ADMIN);
    }

    private static List<String> problems(Map<String, String> variables, Scope served) {
        return thrown(variables, served).problems();
    }

    private static MisconfiguredException thrown(Map<String, String> variables, Scope served) {
        return catchThrowableOfType(
                MisconfiguredException.class, () -> FunctionSettings.from(new Environment(variables), served));
    }
}
