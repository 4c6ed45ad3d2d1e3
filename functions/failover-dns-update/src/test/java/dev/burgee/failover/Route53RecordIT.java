package dev.burgee.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failover.WireServer.Answer;
import dev.burgee.servers.AwsEndpoint;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.services.route53.Route53Client;

/** Against the emulator; what that cannot do (refuse, delay) against the wire format of API version 2013-04-01. */
class Route53RecordIT {
    private static final String NAME = "primary.burgee.internal";
    private static AwsApi<Route53Client> emulator = client("http://unset");
    private static String zone = "";

    private final WireServer server = new WireServer();
    private final AwsApi<Route53Client> api = client(server.address().toString());
    private final PrimaryRecord wire = new Route53Record("Z1", NAME, api);

    @BeforeAll
    static void connect() {
        emulator = client(AwsEndpoint.get().toString());
        zone = emulator.call(
                Wire.ample(),
                (client, options) -> client.createHostedZone(request ->
                                request.name("burgee.internal").callerReference("burgee-" + System.nanoTime()))
                        .hostedZone()
                        .id());
    }

    @AfterAll
    static void disconnect() {
        emulator.forget();
    }

    @AfterEach
    void close() {
        api.forget();
        server.close();
    }

    @Test
    void makesMovesAndReadsTheRecord() {
        PrimaryRecord record = new Route53Record(zone, "moved.burgee.internal", emulator);
        assertThat(record.read(Wire.ample())).isEqualTo(new RecordView.Absent());

        String made = record.write("a.example.com", "Burgee: home is us-east-1, epoch 0", Wire.ample());
        assertThat(record.isInSync(made, Wire.ample())).isTrue();
        assertThat(record.read(Wire.ample())).isEqualTo(new RecordView.Names("a.example.com", 10));

        record.write("b.example.com", "Burgee: home is eu-west-1, epoch 1", Wire.ample());
        record.write("b.example.com", "again", Wire.ample());
        assertThat(record.read(Wire.ample())).isEqualTo(new RecordView.Names("b.example.com", 10));
    }

    @Test
    void aLaterNameIsNotTheRecord() {
        new Route53Record(zone, "zz.burgee.internal", emulator).write("z.example.com", "later", Wire.ample());

        assertThat(new Route53Record(zone, "yy.burgee.internal", emulator).read(Wire.ample()))
                .isEqualTo(new RecordView.Absent());
    }

    @Test
    void anAbsentZoneIsItsOwnAnswer() {
        PrimaryRecord record = new Route53Record("Z0NOSUCHZONE", NAME, emulator);

        assertThat(record.read(Wire.ample())).isEqualTo(new RecordView.ZoneAbsent());
        assertThatThrownBy(() -> record.write("a.example.com", "", Wire.ample()))
                .hasMessage("Route 53 says NoSuchHostedZone");
    }

    @Test
    void upsertsOneCnameWithAShortTimeToLive() {
        server.say(changeInfo("PENDING"));

        assertThat(wire.write("a.example.com", "Burgee: home is eu-west-1, epoch 1", Wire.ample()))
                .isEqualTo("C1");
        assertThat(server.requests())
                .singleElement()
                .asString()
                .startsWith("POST /2013-04-01/hostedzone/Z1/rrset")
                .contains(
                        "<Action>UPSERT</Action>",
                        "<Name>" + NAME + "</Name>",
                        "<Type>CNAME</Type>",
                        "<TTL>10</TTL>",
                        "<Value>a.example.com</Value>",
                        "<Comment>Burgee: home is eu-west-1, epoch 1</Comment>");
    }

    @Test
    void tellsPendingFromInSync() {
        server.say(getChange("PENDING"), getChange("INSYNC"));

        assertThat(wire.isInSync("C1", Wire.ample())).isFalse();
        assertThat(wire.isInSync("C1", Wire.ample())).isTrue();
        assertThat(server.requests()).allMatch(request -> request.startsWith("GET /2013-04-01/change/C1"));
    }

    @TestFactory
    Stream<DynamicTest> backsOffWhileRoute53IsBusy() {
        return Stream.of(
                        error(400, "PriorRequestNotComplete"),
                        error(400, "Throttling"),
                        error(503, "ServiceUnavailable"))
                .map(busy -> DynamicTest.dynamicTest(busy.body(), () -> {
                    server.say(busy, busy, busy, busy, busy, changeInfo("INSYNC"));
                    assertThat(wire.write("a.example.com", "", Wire.ample())).isEqualTo("C1");
                    assertThat(server.requests()).hasSize(6);
                }));
    }

    @TestFactory
    Stream<DynamicTest> namesWhatRoute53Refuses() {
        return Stream.of("AccessDenied", "InvalidChangeBatch")
                .map(code -> DynamicTest.dynamicTest(code, () -> {
                    server.say(error(code.equals("AccessDenied") ? 403 : 400, code));
                    assertThatThrownBy(() -> wire.write("a.example.com", "", Wire.ample()))
                            .hasMessage("Route 53 says " + code);
                    assertThat(server.requests()).as("not repeated").hasSize(1);
                    assertThatThrownBy(() -> wire.read(Wire.ample())).hasMessage("Route 53 says " + code);
                }));
    }

    @Test
    void staysBusyNoLongerThanTheDeadline() {
        server.say(error(400, "PriorRequestNotComplete"));

        assertThatThrownBy(() -> wire.write("a.example.com", "", Wire.ample()))
                .isInstanceOf(AwsBusyException.class)
                .hasMessage("Route 53 says PriorRequestNotComplete");
    }

    @Test
    void isGivenUpAtTheDeadline() {
        server.say(Answer.never());

        assertThatThrownBy(() -> wire.write("a.example.com", "", Wire.in(Duration.ofMillis(600))))
                .hasMessageContaining("Route 53 did not answer within");
    }

    private static AwsApi<Route53Client> client(String address) {
        return Wire.api("Route 53", java.net.URI.create(address), Duration.ofSeconds(10), Route53Client::builder);
    }

    private static Answer changeInfo(String status) {
        return change("ChangeResourceRecordSetsResponse", status);
    }

    private static Answer getChange(String status) {
        return change("GetChangeResponse", status);
    }

    private static Answer change(String root, String status) {
        return Answer.of(
                200,
                "<" + root + " xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeInfo><Id>/change/C1</Id>"
                        + "<Status>" + status
                        + "</Status><SubmittedAt>2026-11-21T05:00:00Z</SubmittedAt></ChangeInfo></"
                        + root + ">");
    }

    private static Answer error(int status, String code) {
        return Answer.of(
                status,
                "<ErrorResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Error><Type>Sender</Type><Code>"
                        + code + "</Code><Message>no</Message></Error><RequestId>5f1c</RequestId></ErrorResponse>");
    }
}
