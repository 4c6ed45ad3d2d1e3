package dev.burgee.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failure.InvalidRequestException;
import dev.burgee.region.Region;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PulseRequestsTest {
    private static final Region HERE = new Region("eu-west-1");

    private final PulseRequests requests = new PulseRequests(HERE);

    private PulseRequest read(String event) {
        return requests.read(event.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"version\":\"0\",\"detail-type\":\"Scheduled Event\",\"region\":\"us-east-1\",\"detail\":{}}",
                "{\"force\":1}"
            })
    void anObjectWithoutAnActionIsAPlainPulse(String event) {
        assertThat(read(event)).isEqualTo(new PulseRequest.Plain());
    }

    @Test
    void readsTheSampleEvents() throws IOException {
        Map<String, PulseRequest> read = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("..", "..", "events", "pulse"))) {
            for (Path file : files.toList()) {
                read.put(String.valueOf(file.getFileName()), requests.read(Files.readAllBytes(file)));
            }
        }
        var promote = new PulseRequest.Promote(HERE, "alice", false, false, Duration.ofSeconds(5));
        assertThat(read)
                .isEqualTo(Map.of(
                        "scheduled.json",
                        new PulseRequest.Plain(),
                        "wake-primary.json",
                        new PulseRequest.Wake(
                                PulseRequest.ControlPlane.PRIMARY,
                                Set.of(HERE, new Region("us-east-1"), new Region("ap-southeast-1"))),
                        "wake-unknown.json",
                        new PulseRequest.Wake(PulseRequest.ControlPlane.UNKNOWN, Set.of()),
                        "promote.json",
                        promote,
                        "promote-dry-run.json",
                        new PulseRequest.Promote(HERE, "alice", false, true, promote.lagMax()),
                        "status.json",
                        new PulseRequest.Status()));
    }

    @Test
    void readsEveryAction() {
        assertThat(read("{\"action\":\"status\"}")).isEqualTo(new PulseRequest.Status());
        for (PulseRequest.ControlPlane says : PulseRequest.ControlPlane.values()) {
            assertThat(read("{\"controlPlane\":\"" + says.text()
                            + "\",\"action\":\"wake\",\"members\":[\"eu-west-1\"]}"))
                    .isEqualTo(new PulseRequest.Wake(says, Set.of(HERE)));
        }
        assertThat(read("{\"action\":\"promote\",\"region\":\"eu-west-1\",\"actor\":\"alice\"}"))
                .isEqualTo(new PulseRequest.Promote(HERE, "alice", false, false, Duration.ofSeconds(5)));
        assertThat(read("{\"action\":\"promote\",\"region\":\"eu-west-1\",\"actor\":\"alice\",\"force\":true,"
                        + "\"dryRun\":true,\"lagMaxMs\":0}"))
                .isEqualTo(new PulseRequest.Promote(HERE, "alice", true, true, Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                          | event: is empty, but must be a JSON value
                    promote                     | event: is not valid JSON
                    [1]                         | event: is a list, but must be a JSON object
                    null                        | event: is null, but must be a JSON object
                    "wake"                      | event: is "wake", but must be a JSON object
                    {"action":"wake"            | event: is not valid JSON: it ends too early
                    {"action":"reboot"}         | action is "reboot", but must be one of promote, status, wake
                    {"action":7}                | action is 7, but must be one of promote, status, wake
                    {"action":null}             | action is null, but must be one of promote, status, wake
                    {"action":"wake"}           | controlPlane is missing, but must be one of primary, secondary, unknown
                    {"action":"wake","controlPlane":"PRIMARY"} | controlPlane is "PRIMARY", but must be one of primary, secondary, unknown
                    {"action":"wake","controlPlane":"primary"} | members is missing, but must be the regions of the datastore, eu-west-1 among them
                    {"action":"wake","controlPlane":"primary","members":["us-east-1"]} | members is a list, but must be the regions of the datastore, eu-west-1 among them
                    {"action":"wake","controlPlane":"primary","members":["eu-west-1",7]} | members is a list, but must be the regions
                    {"action":"wake","controlPlane":{}} | controlPlane is an object, but must be one of
                    {"action":"status","x":1}   | "x" is not a member of this action, which has [action]
                    {"action":"promote","actor":"a"} | region is missing, but must be eu-west-1
                    {"action":"promote","actor":"a","region":"us-east-1"} | region is "us-east-1", but must be eu-west-1, the region that this function looks after
                    {"action":"promote","actor":"a","region":["eu-west-1"]} | region is a list, but must be eu-west-1
                    {"action":"promote","region":"eu-west-1"} | actor is missing, but must be 1 to 64 printable ASCII characters
                    {"action":"promote","region":"eu-west-1","actor":""} | actor is "", but must be 1 to 64 printable
                    {"action":"promote","region":"eu-west-1","actor":"a\\nb"} | actor is "a?b", but must be
                    {"action":"promote","region":"eu-west-1","actor":"a","force":"yes"} | force is "yes", but must be true or false
                    {"action":"promote","region":"eu-west-1","actor":"a","dryrun":true} | "dryrun" is not a member of this action
                    {"action":"promote","region":"eu-west-1","actor":"a","lagMaxMs":-1} | lagMaxMs is -1, but must be a whole number from 0 to 86400000
                    {"action":"promote","region":"eu-west-1","actor":"a","lagMaxMs":1.5} | lagMaxMs is 1.5, but must be
                    {"action":"promote","region":"eu-west-1","actor":"a","lagMaxMs":99999999999999999999} | lagMaxMs is 99999999999999999999, but must be
                    """)
    void namesWhatIsWrong(String event, String message) {
        assertThatThrownBy(() -> read(event == null ? "" : event))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> read("{\"action\":\"promote\",\"force\":0,\"lagMaxMs\":\"5\"}"))
                .hasMessageContaining("region is missing")
                .hasMessageContaining("actor is missing")
                .hasMessageContaining("force is 0")
                .hasMessageContaining("lagMaxMs is \"5\"");
    }

    @Test
    void refusesWhatIsTooLargeOrNoText() {
        assertThatThrownBy(() -> requests.read(new byte[PulseRequests.BYTES_MAX + 1]))
                .hasMessage("event: is larger than 1048576 bytes");
        assertThatThrownBy(() -> requests.read(new byte[] {'{', (byte) 0xff, '}'}))
                .hasMessage("event: is not UTF-8");
        String long100 = "x".repeat(100);
        assertThatThrownBy(() -> read("{\"action\":\"" + long100 + "\"}")).hasMessageNotContaining(long100);
    }
}
