package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.aws.AwsClients;
import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.InvalidChangeBatchException;
import software.amazon.awssdk.services.route53.model.NoSuchHostedZoneException;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.route53.model.Route53Exception;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;

/** The stand-ins that need no cache, called by the SDK's clients as the functions make them. */
final class AwsStandInTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PENDING = Duration.ofMillis(300);

    private final AtomicInteger failuresLeft = new AtomicInteger();
    private final FunctionHost echo = new FunctionHost(new FunctionHost.Plan(
            "echo",
            () -> (in, out, context) -> {
                if (failuresLeft.getAndDecrement() > 0) {
                    throw new IOException("not now");
                }
                in.transferTo(out);
            },
            2,
            Duration.ofSeconds(5)));
    private final AsyncInvocations async = new AsyncInvocations();
    private final Route53StandIn dns = new Route53StandIn(PENDING);
    private final AwsStandIn aws = AwsStandIn.start(
            List.of(EU_WEST_1, AP_SOUTHEAST_1, Geography.US_EAST_1),
            Map.of(
                    "route53", dns,
                    "ssm", new SsmStandIn(),
                    "lambda",
                            new LambdaStandIn(
                                    (region, name) -> name.equals("echo") && region.equals(EU_WEST_1)
                                            ? Optional.of(echo)
                                            : Optional.empty(),
                                    async)));

    @BeforeAll
    static void useAnyCredentials() {
        System.setProperty("aws.accessKeyId", "burgee");
        System.setProperty("aws.secretAccessKey", "burgee");
    }

    @AfterEach
    void close() {
        aws.close();
        async.close();
        echo.close();
    }

    @Test
    void keepsParametersByRegion() {
        try (SsmClient europe = ssm(EU_WEST_1);
                SsmClient asia = ssm(AP_SOUTHEAST_1)) {
            assertThatThrownBy(() -> europe.getParameter(request -> request.name("/home")))
                    .isInstanceOf(ParameterNotFoundException.class);
            assertThat(europe.putParameter(request ->
                                    request.name("/home").value("{\"a\":1}").type("String"))
                            .version())
                    .isEqualTo(1);
            assertThatThrownBy(() -> europe.putParameter(
                            request -> request.name("/home").value("{\"a\":1}").type("String")))
                    .isInstanceOf(ParameterAlreadyExistsException.class);
            assertThat(europe.putParameter(
                                    request -> request.name("/home").value("2").overwrite(true))
                            .version())
                    .isEqualTo(2);
            assertThat(europe.getParameter(request -> request.name("/home"))
                            .parameter()
                            .value())
                    .isEqualTo("2");
            assertThatThrownBy(() -> asia.getParameter(request -> request.name("/home")))
                    .isInstanceOf(ParameterNotFoundException.class);
        }
    }

    @Test
    void aRecordIsAbsentThenPendingThenInSync() {
        try (Route53Client client = route53()) {
            assertThat(records(client)).isEmpty();

            String change = change(client, ChangeAction.UPSERT, "a.internal");

            assertThat(status(client, change)).isEqualTo(ChangeStatus.PENDING);
            assertThat(dns.resolve(Route53StandIn.RECORD)).isEmpty();
            assertThat(records(client)).singleElement().satisfies(record -> {
                assertThat(record.name()).isEqualTo(Route53StandIn.RECORD + ".");
                assertThat(record.type()).isEqualTo(RRType.CNAME);
                assertThat(record.ttl()).isEqualTo(10);
                assertThat(record.resourceRecords().getFirst().value()).isEqualTo("a.internal");
            });
            Await.until("the change is in sync", LIMIT, () -> status(client, change) == ChangeStatus.INSYNC);
            assertThat(dns.resolve(Route53StandIn.RECORD)).contains("a.internal");
            change(client, ChangeAction.UPSERT, "b.internal");
            Await.until(
                    "resolvers see the second",
                    LIMIT,
                    () -> dns.resolve(Route53StandIn.RECORD).equals(Optional.of("b.internal")));
            assertThat(records(client)).hasSize(1);
        }
    }

    @Test
    void refusesBadChangesOtherZonesAndEverythingWhileItIsDown() {
        try (Route53Client client = route53()) {
            change(client, ChangeAction.CREATE, "a.internal");
            assertThatThrownBy(() -> change(client, ChangeAction.CREATE, "a.internal"))
                    .isInstanceOf(InvalidChangeBatchException.class);
            assertThatThrownBy(() -> change(client, ChangeAction.DELETE, "b.internal"))
                    .isInstanceOf(InvalidChangeBatchException.class);
            assertThatThrownBy(() -> client.listResourceRecordSets(request -> request.hostedZoneId("Z1")))
                    .isInstanceOf(NoSuchHostedZoneException.class);
            dns.refuse(true);
            assertThatThrownBy(() -> change(client, ChangeAction.UPSERT, "b.internal"))
                    .isInstanceOfSatisfying(
                            Route53Exception.class,
                            e -> assertThat(e.statusCode()).isEqualTo(503));
            dns.refuse(false);
            assertThat(records(client).getFirst().resourceRecords().getFirst().value())
                    .isEqualTo("a.internal");
        }
    }

    @Test
    void aFunctionAnswersOrItsFailureIsShown() {
        try (LambdaClient client = lambda(EU_WEST_1)) {
            InvokeResponse answered = client.invoke(
                    request -> request.functionName("echo").payload(SdkBytes.fromUtf8String("{\"é\":1}")));
            assertThat(answered.functionError()).isNull();
            assertThat(answered.payload().asString(StandardCharsets.UTF_8)).isEqualTo("{\"é\":1}");
            failuresLeft.set(1);

            InvokeResponse failed = client.invoke(
                    request -> request.functionName("arn:aws:lambda:eu-west-1:000000000000:function:echo:live"));

            assertThat(failed.statusCode()).isEqualTo(200);
            assertThat(failed.functionError()).isEqualTo("Unhandled");
            assertThat(failed.payload().asUtf8String()).contains("not now", "java.io.IOException");
            assertThatThrownBy(() -> client.invoke(request -> request.functionName("other")))
                    .isInstanceOf(software.amazon.awssdk.services.lambda.model.ResourceNotFoundException.class);
        }
    }

    @Test
    void anEventIsTriedThreeTimesAndThenADeadLetter() {
        try (LambdaClient client = lambda(EU_WEST_1)) {
            failuresLeft.set(2);
            assertThat(event(client, "{\"n\":1}")).isEqualTo(202);
            Await.until("the first event is through", LIMIT, () -> outcomes().size() == 3);
            assertThat(outcomes()).containsExactly("failed", "failed", "delivered");
            failuresLeft.set(3);

            event(client, "{\"n\":2}");

            Await.until("the second event is given up", LIMIT, () -> outcomes().size() == 6);
            assertThat(outcomes().subList(3, 6)).containsExactly("failed", "failed", "dead-letter");
            assertThat(async.attempts().since(0).getLast()).contains("{\\\"n\\\":2}", "eu-west-1", "not now");
        }
    }

    @Test
    void saysWhatItDoesNotSpeak() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(HttpRequest.newBuilder(aws.uri()).build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(signed(client, "us-east-1", "sqs").body()).contains("sqs is not spoken here");
            assertThat(signed(client, "sa-east-1", "ssm").body()).contains("sa-east-1 is not in this world");
            assertThat(signed(client, "eu-west-1", "ssm").body()).contains("SerializationException");
        }
    }

    private HttpResponse<String> signed(HttpClient client, String region, String service) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(aws.uri() + "/"))
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=x/20261121/" + region + "/" + service
                                        + "/aws4_request, SignedHeaders=host, Signature=0")
                        .POST(HttpRequest.BodyPublishers.ofString("not JSON"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private List<String> outcomes() {
        return async.attempts().since(0).stream()
                .map(line ->
                        Json.parse(line) instanceof Map<?, ?> members ? String.valueOf(members.get("outcome")) : "")
                .toList();
    }

    private static int event(LambdaClient client, String payload) {
        return client.invoke(request -> request.functionName("echo")
                        .invocationType(InvocationType.EVENT)
                        .payload(SdkBytes.fromUtf8String(payload)))
                .statusCode();
    }

    private static String change(Route53Client client, ChangeAction action, String target) {
        var to = ResourceRecord.builder().value(target).build();
        var set = ResourceRecordSet.builder()
                .name(Route53StandIn.RECORD)
                .type(RRType.CNAME)
                .ttl(10L)
                .resourceRecords(List.of(to))
                .build();
        var change = Change.builder().action(action).resourceRecordSet(set).build();
        return client.changeResourceRecordSets(request ->
                        request.hostedZoneId(Route53StandIn.ZONE).changeBatch(batch -> batch.changes(List.of(change))))
                .changeInfo()
                .id();
    }

    private static ChangeStatus status(Route53Client client, String change) {
        return client.getChange(request -> request.id(change)).changeInfo().status();
    }

    private static List<ResourceRecordSet> records(Route53Client client) {
        return client.listResourceRecordSets(request -> request.hostedZoneId(Route53StandIn.ZONE)
                        .startRecordName(Route53StandIn.RECORD)
                        .startRecordType(RRType.CNAME))
                .resourceRecordSets();
    }

    private SsmClient ssm(Region region) {
        return AwsClients.build(SsmClient.builder(), region, LIMIT, endpoint(), "SSM");
    }

    private LambdaClient lambda(Region region) {
        return AwsClients.build(LambdaClient.builder(), region, LIMIT, endpoint(), "LAMBDA");
    }

    private Route53Client route53() {
        return AwsClients.build(Route53Client.builder(), EU_WEST_1, LIMIT, endpoint(), "ROUTE_53");
    }

    private Map<String, String> endpoint() {
        return Map.of("AWS_ENDPOINT_URL", aws.uri().toString());
    }
}
