package dev.burgee.failover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.sun.net.httpserver.HttpServer;
import dev.burgee.failover.WireServer.Answer;
import dev.burgee.servers.AwsEndpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.Route53Client;

/** The whole function over sockets: Route 53, SSM and SNS of the emulator, ElastiCache and the pulse on the wire. */
class FailoverDnsUpdateHandlerIT {
    private static final String PULSE_REPORT = """
            {"region":"eu-west-1","home":{"region":"eu-west-1","epoch":3,"since":"2026-11-21T05:00:00Z","entry":9},
             "cache":{"reachable":true,"writable":true},"promotionWanted":null,"outcome":"promoted","problems":[]}""";
    private static final String DATASTORE = """
            <DescribeGlobalReplicationGroupsResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">
            <DescribeGlobalReplicationGroupsResult><GlobalReplicationGroups><GlobalReplicationGroup>
            <GlobalReplicationGroupId>ldgnf-burgee</GlobalReplicationGroupId><Status>available</Status><Members>
            <GlobalReplicationGroupMember><ReplicationGroupId>rg-1</ReplicationGroupId>
            <ReplicationGroupRegion>eu-west-1</ReplicationGroupRegion><Role>PRIMARY</Role><Status>associated</Status>
            </GlobalReplicationGroupMember>
            <GlobalReplicationGroupMember><ReplicationGroupId>rg-2</ReplicationGroupId>
            <ReplicationGroupRegion>us-east-1</ReplicationGroupRegion><Role>SECONDARY</Role><Status>associated</Status>
            </GlobalReplicationGroupMember></Members></GlobalReplicationGroup></GlobalReplicationGroups>
            </DescribeGlobalReplicationGroupsResult></DescribeGlobalReplicationGroupsResponse>""";

    /** Of no interest to the function. */
    private static final Context CONTEXT = (Context)
            Proxy.newProxyInstance(Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, method, _) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private final WireServer elastiCache = new WireServer().say(Answer.of(200, DATASTORE));
    private final WireServer lambda = new WireServer().say(Answer.of(200, PULSE_REPORT));
    private final AwsApi<Route53Client> route53 =
            Wire.api("Route 53", AwsEndpoint.get(), Duration.ofSeconds(10), Route53Client::builder);
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    @AfterEach
    void close() {
        route53.forget();
        elastiCache.close();
        lambda.close();
    }

    @Test
    void anEventMovesTheRecordAndWritesTheHint() throws IOException {
        String zone = zone();
        FailoverDnsUpdateHandler handler = new FailoverDnsUpdateHandler(environment(zone), printer());

        assertThat(handle(handler, Events.sns(Events.promoted("rg-1"))))
                .isEqualTo("{\"outcome\":\"switch\",\"promotions\":1,\"ignored\":{}}");
        assertThat(handle(handler, Events.SCHEDULE)).contains("already-there");

        assertThat(new Route53Record(zone, "primary.burgee.internal", route53).read(Wire.ample()))
                .isEqualTo(new RecordView.Names("rg-1.cache.example.com", 10));
        assertThat(lambda.requests().getFirst()).contains("\"controlPlane\":\"primary\"");
        assertThat(printed())
                .contains("\"event\":\"record_switched\"", "\"promoted_region\":\"eu-west-1\"", "\"epoch\":3")
                .contains("\"FailoverOutcome\":1.0", "\"Outcome\":\"switch\"")
                .doesNotContain("failover_step_failed");
        assertThat(handle(handler, "{\"source\":\"aws.ec2\"}")).contains("\"other-source\":1");
    }

    @Test
    void theFunctionThrowsWhatIsLeftSoThatLambdaTriesAgain() {
        Map<String, String> environment = environment("Z0NOSUCHZONE");
        FailoverDnsUpdateHandler handler = new FailoverDnsUpdateHandler(environment, printer());

        assertThatThrownBy(() -> handle(handler, Events.SCHEDULE))
                .isInstanceOf(FailoverUnfinishedException.class)
                .hasMessageContaining("record-read: the hosted zone does not exist");
        assertThat(printed()).contains("\"event\":\"failover_unfinished\"", "\"Step\":\"record-read\"");
    }

    /** What SNS really puts around a message. */
    @Test
    void understandsTheEnvelopeOfSns() throws Exception {
        BlockingQueue<String> delivered = new ArrayBlockingQueue<>(4);
        HttpServer subscriber = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        subscriber.createContext("/", exchange -> {
            delivered.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        subscriber.start();
        try {
            String created = sns(Map.of("Action", "CreateTopic", "Name", "burgee-cache"));
            String topic = created.replaceAll("(?s).*<TopicArn>(.*)</TopicArn>.*", "$1");
            sns(Map.of(
                    "Action",
                    "Subscribe",
                    "TopicArn",
                    topic,
                    "Protocol",
                    "http",
                    "Endpoint",
                    "http://127.0.0.1:" + subscriber.getAddress().getPort() + "/"));
            PromotionEvents events = new PromotionEvents(java.util.Optional.of("rg-1"), java.util.Optional.of(topic));
            for (String message :
                    List.of(Events.promoted("rg-1"), "ElastiCache:ReplicationGroupPromotedAsPrimary : rg-1")) {
                sns(Map.of("Action", "Publish", "TopicArn", topic, "Message", message));
                String envelope = delivered.poll(20, TimeUnit.SECONDS);
                assertThat(envelope).isNotNull();
                String event = "{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":" + envelope + "}]}";

                assertThat(events.read(new ByteArrayInputStream(event.getBytes(UTF_8))))
                        .isEqualTo(new Heard(1, false, Map.of()));
            }
        } finally {
            subscriber.stop(0);
        }
    }

    private String zone() {
        return route53.call(
                Wire.ample(),
                (client, options) -> client.createHostedZone(request ->
                                request.name("burgee.internal").callerReference("handler-" + System.nanoTime()))
                        .hostedZone()
                        .id()
                        .replace("/hostedzone/", ""));
    }

    private Map<String, String> environment(String zone) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", "eu-west-1");
        environment.put("BURGEE_CACHE_NAME", "rg-1.cache.example.com");
        environment.put("BURGEE_HOSTED_ZONE", zone);
        environment.put("BURGEE_PRIMARY_RECORD", "primary.burgee.internal");
        environment.put("BURGEE_PULSE_FUNCTION", "burgee-region-pulse");
        environment.put("BURGEE_GLOBAL_DATASTORE", "ldgnf-burgee");
        environment.put("BURGEE_REPLICATION_GROUP", "rg-1");
        environment.put("BURGEE_HOME_PARAMETER", "/burgee/handler-it/home");
        environment.put("BURGEE_AWS_CALL_MS", "4000");
        environment.put("AWS_ENDPOINT_URL", AwsEndpoint.get().toString());
        environment.put("AWS_ENDPOINT_URL_ELASTICACHE", elastiCache.address().toString());
        environment.put("AWS_ENDPOINT_URL_LAMBDA", lambda.address().toString());
        return environment;
    }

    private static String handle(FailoverDnsUpdateHandler handler, String event) throws IOException {
        var out = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(event.getBytes(UTF_8)), out, CONTEXT);
        return out.toString(UTF_8);
    }

    private PrintStream printer() {
        return new PrintStream((OutputStream) lines, true, UTF_8);
    }

    private String printed() {
        return lines.toString(UTF_8);
    }

    /** The emulator looks at the credential's scope and checks no signature. */
    private static String sns(Map<String, String> parameters) throws IOException, InterruptedException {
        StringBuilder form = new StringBuilder("Version=2010-03-31");
        parameters.forEach(
                (name, value) -> form.append('&').append(name).append('=').append(URLEncoder.encode(value, UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(AwsEndpoint.get() + "/"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=burgee/20261121/eu-west-1/sns/aws4_request, SignedHeaders=host,"
                                + " Signature=00")
                .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }
}
