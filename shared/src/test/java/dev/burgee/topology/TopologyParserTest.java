package dev.burgee.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.region.Region;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyParserTest {
    private static final Region VIRGINIA = new Region("us-east-1");
    private static final Region OHIO = new Region("us-east-2");
    private static final Region IRELAND = new Region("eu-west-1");
    private static final String GOOD = "{\"primary\":\"us-east-1\",\"username\":\"burgee\",\"password\":\"hunter2\","
            + "\"regions\":{\"us-east-1\":{\"cache\":\"rediss://c1.example:6380\"},"
            + "\"eu-west-1\":{\"cache\":\"rediss://c2.example\"}},"
            + "\"ledger\":{\"table\":\"burgee-ledger\",\"regions\":{\"us-east-1\":{},"
            + "\"us-east-2\":{\"endpoint\":\"https://vpce-1.amazonaws.com\"}}}}";

    @Test
    void readsAWholeTopology() {
        Topology topology = TopologyParser.parse(GOOD);

        assertThat(topology.primary()).isEqualTo(VIRGINIA);
        assertThat(topology.username()).isEqualTo("burgee");
        assertThat(topology.password()).isEqualTo("hunter2");
        assertThat(topology.caches())
                .containsEntry(VIRGINIA, URI.create("rediss://c1.example:6380"))
                .containsEntry(IRELAND, URI.create("rediss://c2.example:6379"));
        assertThat(topology.ledgerTable()).isEqualTo("burgee-ledger");
        assertThat(topology.ledgerRegions().keySet()).containsExactly(VIRGINIA, OHIO);
        assertThat(topology.ledgerRegions())
                .containsEntry(VIRGINIA, Optional.empty())
                .containsEntry(OHIO, Optional.of(URI.create("https://vpce-1.amazonaws.com")));
    }

    @Test
    void ignoresMembersThatNewerSecretsMayHave() {
        String newer = GOOD.replace("\"primary\"", "\"format\":2,\"primary\"")
                .replace("\"us-east-1\":{}", "\"us-east-1\":{\"witness\":false}");

        assertThat(TopologyParser.parse(newer)).isEqualTo(TopologyParser.parse(GOOD));
    }

    @Test
    void plainRedisNeedsNoPassword() {
        String plain = GOOD.replace("rediss", "redis")
                .replace("\"username\":\"burgee\",", "")
                .replace("\"password\":\"hunter2\",", "");

        assertThat(TopologyParser.parse(plain).password()).isNull();
        assertThat(TopologyParser.parse(plain).username()).isNull();
    }

    static Stream<Arguments> badSecrets() {
        String cacheRule = " must be redis://host:port or rediss://host:port";
        String tableRule =
                "/ledger/table must be the name of a DynamoDB table: 3 to 255 characters out of A-Z a-z 0-9 _ . -";
        return Stream.of(
                bad("", "is empty, but must be a JSON value"),
                bad("hunter2", "is not valid JSON (line 1, column 1)"),
                bad(GOOD.substring(0, 100), "is not valid JSON: it ends too early (line 1, column 101)"),
                bad("[]", "must be a JSON object"),
                bad("null", "must be a JSON object"),
                bad(
                        "{}",
                        "/primary must be an AWS region code, for example eu-west-1",
                        "/regions must be an object",
                        "/ledger/regions must be an object",
                        tableRule),
                bad(
                        with("\"primary\":\"us-east-1\"", "\"primary\":7"),
                        "/primary must be an AWS region code, for example eu-west-1"),
                bad(
                        with("\"primary\":\"us-east-1\"", "\"primary\":\"Virginia\""),
                        "/primary must be an AWS region code, for example eu-west-1, but is \"Virginia\""),
                bad(
                        with("\"primary\":\"us-east-1\"", "\"primary\":\"us-west-2\""),
                        "/primary is us-west-2, which is not among /regions"),
                bad(
                        with("\"hunter2\"", "7"),
                        "/password must be text",
                        "/password is missing, but caches with rediss:// need one"),
                bad(with("\"hunter2\"", "\"\""), "/password is missing, but caches with rediss:// need one"),
                bad(with("\"password\":\"hunter2\",", ""), "/password is missing, but caches with rediss:// need one"),
                bad(with("\"burgee\"", "[]"), "/username must be text"),
                bad(
                        with("\"eu-west-1\":", "\"Dublin!\":"),
                        "/regions/Dublin! must be an AWS region code, for example eu-west-1, but is \"Dublin!\""),
                bad(with("{\"cache\":\"rediss://c2.example\"}", "{}"), "/regions/eu-west-1/cache" + cacheRule),
                bad(
                        with("{\"cache\":\"rediss://c2.example\"}", "7"),
                        "/regions/eu-west-1 must be an object",
                        "/regions/eu-west-1/cache" + cacheRule),
                bad(with("rediss://c2.example", "http://c2.example"), "/regions/eu-west-1/cache" + cacheRule),
                bad(with("rediss://c2.example", "c2.example:6379"), "/regions/eu-west-1/cache" + cacheRule),
                bad(with("rediss://c2.example", "rediss://"), "/regions/eu-west-1/cache" + cacheRule),
                bad(with("rediss://c2.example", "rediss:// c2"), "/regions/eu-west-1/cache" + cacheRule),
                bad(with("rediss://c2.example", "rediss://c2.example:0"), "/regions/eu-west-1/cache" + cacheRule),
                bad(with("rediss://c2.example", "rediss://c2.example:65536"), "/regions/eu-west-1/cache" + cacheRule),
                bad(with("rediss://c2.example", "rediss://c2.example/1"), "/regions/eu-west-1/cache" + cacheRule),
                bad(with("rediss://c2.example", "rediss://c2.example?a=b"), "/regions/eu-west-1/cache" + cacheRule),
                bad(
                        with("rediss://c2.example", "rediss://u:hunter2@c2.example"),
                        "/regions/eu-west-1/cache has a name or password in it; they belong into /username and /password"),
                bad(with("\"table\":\"burgee-ledger\",", ""), tableRule),
                bad(with("\"burgee-ledger\"", "\"a b\""), tableRule),
                bad(with("\"burgee-ledger\"", "7"), "/ledger/table must be text", tableRule),
                bad(
                        with(GOOD.substring(GOOD.indexOf("{\"us-east-1\":{},"), GOOD.length() - 2), "{}"),
                        "/ledger/regions has 0 regions, but must have 1 to 32"),
                bad(with("\"us-east-1\":{},", "\"us-east-1\":[],"), "/ledger/regions/us-east-1 must be an object"),
                bad(
                        with("https://vpce-1.amazonaws.com", "vpce-1.amazonaws.com"),
                        "/ledger/regions/us-east-2/endpoint must be http://host:port or https://host:port"),
                bad(
                        with("https://vpce-1.amazonaws.com", "https://u:hunter2@vpce-1"),
                        "/ledger/regions/us-east-2/endpoint must be http://host:port or https://host:port"),
                bad(
                        with("\"primary\":\"us-east-1\"", "\"primary\":\"us-east-1\",\"primary\":\"eu-west-1\""),
                        "names a member twice (line 1, column 33)"));
    }

    @ParameterizedTest
    @MethodSource("badSecrets")
    void namesEveryProblemOfABadSecretAndNeverThePassword(String secret, List<String> problems) {
        var thrown = catchThrowableOfType(MisconfiguredException.class, () -> TopologyParser.parse(secret));

        assertThat(thrown.problems()).isEqualTo(problems);
        assertThat(thrown.text()).startsWith("topology secret: ").doesNotContain("hunter2");
    }

    @Test
    void neverShowsThePassword() {
        assertThat(TopologyParser.parse(GOOD).toString()).doesNotContain("hunter2");
    }

    private static String with(String part, String other) {
        assertThat(GOOD).contains(part);
        return GOOD.replace(part, other);
    }

    private static Arguments bad(String secret, String... problems) {
        return Arguments.of(secret, List.of(problems));
    }
}
