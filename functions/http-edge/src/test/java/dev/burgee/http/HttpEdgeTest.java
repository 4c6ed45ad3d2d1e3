package dev.burgee.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.burgee.failure.ConflictException;
import dev.burgee.failure.InvalidRequestException;
import dev.burgee.failure.MisconfiguredException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.failure.Violation;
import dev.burgee.ledger.Position;
import dev.burgee.log.Log;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEdgeTest {
    private final EdgeWorld world = new EdgeWorld();

    @Test
    void handsARequestToItsEndpoint() {
        var response = world.call(Event.get("/api/config/flags/new-checkout")
                .header("Burgee-Position", "42")
                .query("limit", "7")
                .key("reader"));

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(response.getBody()).isEqualTo("{}");
        assertThat(response.getHeaders())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store")
                .doesNotContainKey("Vary");
        Request request = world.seen.getFirst();
        assertThat(request.flagKey().value()).isEqualTo("new-checkout");
        assertThat(request.position()).contains(new Position(42));
        assertThat(request.query("limit")).contains("7");
        assertThat(request.header("BURGEE-position")).contains("42");
        assertThat(request.principal().name()).isEqualTo("reader");
        assertThat(request.requestId()).isEqualTo("id-1");
        assertThat(request.body()).isNull();
    }

    @Test
    void takesTheStageOffThePath() {
        assertThat(world.call(Event.get("/prod/api/open").stage("prod")).getStatusCode())
                .isEqualTo(200);
        assertThat(world.call(Event.get("/api/open").stage("prod")).getStatusCode())
                .isEqualTo(200);
        assertThat(world.call(Event.get("/production/api/open").stage("prod")).getStatusCode())
                .isEqualTo(404);
        assertThat(world.call(Event.get("/prod").stage("prod")).getStatusCode()).isEqualTo(404);
        assertThat(world.call(Event.get("/api/open").stage("a")).getStatusCode())
                .isEqualTo(200);
    }

    @Test
    void anOpenRouteAsksForNoKey() {
        assertThat(world.call(Event.get("/api/open")).getStatusCode()).isEqualTo(200);
        assertThat(world.seen.getFirst().principal().name()).isEqualTo("anonymous");
    }

    @Test
    void keepsWhatTheEndpointSaysOfCaching() {
        world.endpoint = _ -> Response.json(200, "{}").with("Cache-Control", "max-age=1");

        assertThat(world.call(Event.get("/api/open")).getHeaders()).containsEntry("Cache-Control", "max-age=1");
    }

    @Test
    void anAnswerWithoutABodyStaysWithoutOne() {
        world.endpoint = _ -> Response.empty(304).with("ETag", "\"42\"");

        var response = world.call(Event.get("/api/open"));

        assertThat(response.getStatusCode()).isEqualTo(304);
        assertThat(response.getBody()).isNull();
        assertThat(response.getHeaders()).containsEntry("ETag", "\"42\"").doesNotContainKey("Content-Type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "", "/api", "/api/config/flags/a/b", "/api/config/flags/a%2Fb/c", "//", "/API/OPEN", "x"})
    void anUnknownPathIsNotFound(String path) {
        var problem = Problems.of(world.call(Event.get(path).key("admin")));

        assertThat(problem.status()).isEqualTo(404);
        assertThat(problem.kind()).isEqualTo("not-found");
        assertThat(problem.detail()).contains("no route \"" + path + "\"");
    }

    @Test
    void anotherMethodIsNotAllowedAndToldWhichAre() {
        var response = world.call(Event.of("POST", "/api/admin/flags/f").key("admin"));

        var problem = Problems.of(response);
        assertThat(problem.status()).isEqualTo(405);
        assertThat(problem.kind()).isEqualTo("invalid-request");
        assertThat(problem.detail()).isEqualTo("method is \"POST\", but this path takes PUT, DELETE");
        assertThat(response.getHeaders()).containsEntry("Allow", "PUT, DELETE, OPTIONS");
    }

    @Test
    void noKeyIsUnauthorized() {
        var response = world.call(Event.get("/api/config/flags/f"));

        assertThat(Problems.of(response).status()).isEqualTo(401);
        assertThat(Problems.of(response).kind()).isEqualTo("unauthorized");
        assertThat(response.getHeaders()).containsEntry("WWW-Authenticate", "Bearer");
        assertThat(world.seen).isEmpty();
    }

    @Test
    void aKeyWithoutTheScopeIsForbidden() {
        var problem =
                Problems.of(world.call(Event.of("PUT", "/api/admin/flags/f").key("reader")));

        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.kind()).isEqualTo("forbidden");
        assertThat(world.seen).isEmpty();
    }

    @Test
    void theKeyIsCheckedBeforeAnythingElse() {
        var event = Event.of("PUT", "/api/admin/flags/b@d")
                .header("burgee-position", "x")
                .body("x".repeat(300 * 1024));

        assertThat(world.call(event).getStatusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b@d", "a%20b", "..%2f", "%2e%2e", "a b", "ключ", "", "a\u0000b", "a\ud800"})
    void aBadFlagKeyIsNamedWithItsRule(String key) {
        var problem =
                Problems.of(world.call(Event.get("/api/config/flags/" + key).key("reader")));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.kind()).isEqualTo("invalid-request");
        assertThat(problem.violations()).hasSize(1);
        assertThat(problem.violations().getFirst().pointer()).isEqualTo("flagKey");
        assertThat(problem.detail()).contains("must be 1 to 128 characters out of A-Z a-z 0-9 . _ -");
    }

    @Test
    void aFlagKeyMayHave128CharactersButNotOneMore() {
        assertThat(world.call(Event.get("/api/config/flags/" + "k".repeat(128)).key("reader"))
                        .getStatusCode())
                .isEqualTo(200);
        assertThat(Problems.of(world.call(Event.get("/api/config/flags/" + "k".repeat(129))
                                .key("reader")))
                        .detail())
                .contains("(129 characters)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "x", "1234567890123456789", "1,2", "١", " 1"})
    void aBadPositionIsNamedWithItsRule(String position) {
        var problem = Problems.of(
                world.call(Event.get("/api/config/flags/f").key("reader").header("burgee-position", position)));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.violations().getFirst().pointer()).isEqualTo("Burgee-Position");
        assertThat(problem.detail())
                .startsWith("Burgee-Position: \"" + position.replace("١", "?") + "\" must be 1 to 18 digits");
    }

    @Test
    void aBodyBeyondTheLimitIsTooLarge() {
        var put = Event.of("PUT", "/api/admin/flags/f").key("admin");

        assertThat(world.call(put.body("x".repeat(Route.BODY_MAX_BYTES))).getStatusCode())
                .isEqualTo(200);
        for (String body : List.of("x".repeat(Route.BODY_MAX_BYTES + 1), "é".repeat(Route.BODY_MAX_BYTES / 2 + 1))) {
            var problem = Problems.of(world.call(put.body(body)));
            assertThat(problem.status()).isEqualTo(413);
            assertThat(problem.kind()).isEqualTo("too-large");
            assertThat(problem.detail()).contains("262144 bytes");
        }
        byte[] oneMore = new byte[Route.BODY_MAX_BYTES + 1];
        assertThat(world.call(put.base64(oneMore)).getStatusCode()).isEqualTo(413);
    }

    @Test
    void aRouteMayTakeLargerBodies() {
        var event = Event.of("POST", "/api/admin/import").key("admin").body("x".repeat(Route.IMPORT_MAX_BYTES));

        assertThat(world.call(event).getStatusCode()).isEqualTo(200);
        assertThat(world.call(event.body("x".repeat(Route.IMPORT_MAX_BYTES + 1)))
                        .getStatusCode())
                .isEqualTo(413);
    }

    @Test
    void decodesBase64Bodies() {
        world.call(Event.of("PUT", "/api/admin/flags/f")
                .key("admin")
                .base64("{\"ä\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(world.seen.getFirst().body()).isEqualTo("{\"ä\":1}");
    }

    @Test
    void refusesBodiesThatAreNotWhatTheySay() {
        var put = Event.of("PUT", "/api/admin/flags/f").key("admin");

        assertThat(Problems.of(world.call(put.rawBase64("???"))).detail())
                .isEqualTo("body: is marked as base64 (isBase64Encoded), but is not base64");
        assertThat(Problems.of(world.call(put.base64(new byte[] {(byte) 0xff}))).detail())
                .isEqualTo("body: is not UTF-8 text");
        assertThat(Problems.of(world.call(put.body("half \ud800 pair"))).detail())
                .isEqualTo("body: is not UTF-8 text");
        assertThat(world.seen).isEmpty();
    }

    @Test
    void anEmptyBodyIsNone() {
        world.call(Event.of("PUT", "/api/admin/flags/f").key("admin").body(""));
        world.call(Event.of("PUT", "/api/admin/flags/f").key("admin").rawBase64(""));

        assertThat(world.seen).hasSize(2).allMatch(request -> request.body() == null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "42",
                "{",
                "{} {}",
                "not json",
                "{}",
                "{\"version\":\"1.0\",\"httpMethod\":\"GET\",\"path\":\"/api/open\",\"headers\":null}",
                "{\"resource\":\"/x\",\"path\":\"/api/open\",\"httpMethod\":\"GET\",\"requestContext\":{\"stage\":\"p\"}}",
                "{\"version\":2.0}",
                "{\"version\":\"2.0\"}",
                "{\"version\":\"2.0\",\"rawPath\":\"/api/open\",\"requestContext\":{\"http\":{}}}",
                "{\"version\":\"2.0\",\"rawPath\":\"/api/open\",\"requestContext\":[]}",
                "{\"version\":\"2.0\",\"rawPath\":\"/api/open\",\"headers\":{\"a\":[]}}",
                "{\"version\":\"2.0\",\"isBase64Encoded\":\"yes\"}",
                "{\"version\":\"2.0\",\"version\":\"2.0\"}",
            })
    void anythingButPayloadFormatTwoIsRefused(String event) throws Exception {
        var problem = Problems.of(world.stream(event));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.kind()).isEqualTo("invalid-request");
        assertThat(problem.detail()).startsWith("event: ").contains("payload format 2.0");
    }

    @Test
    void aDeeplyNestedEventIsRefused() throws Exception {
        String deep = "{\"version\":\"2.0\",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThat(Problems.of(world.stream(deep)).status()).isEqualTo(400);
    }

    @Test
    void theStreamFormAnswersLikeTheOther() throws Exception {
        world.endpoint = _ -> Response.json(200, "{\"a\":\"ü\\n\"}").with("ETag", "\"42\"");

        var response = world.stream(Event.get("/api/config/flags/f")
                .key("reader")
                .header("x-a", "1")
                .json());

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"a\":\"ü\\n\"}");
        assertThat(response.headers()).containsEntry("ETag", "\"42\"");
        assertThat(world.seen.getFirst().header("x-a")).contains("1");
    }

    @Test
    void aPreparedBodyIsSentLikeAnyOther() throws Exception {
        String text = "{\"a\":\"ü\\n\\\\ \ud83d\ude00 \"}";
        var body = new PreparedBody(text);
        world.endpoint = _ -> Response.json(200, body).with("ETag", "\"42\"");
        Event event = Event.get("/api/open");

        var response = world.stream(event.json());

        assertThat(response.body()).isEqualTo(text).isEqualTo(world.call(event).getBody());
        assertThat(response.headers()).containsEntry("ETag", "\"42\"");
        assertThat(body.escaped()).hasSize((int) AnswerSize.ofBytes(text));
    }

    @Test
    void everyFailureIsAProblemDocument() {
        world.endpoint = _ -> {
            throw new InvalidRequestException(
                    "two problems", List.of(new Violation("/a", "first"), new Violation("/b", "half \ud800")));
        };
        var invalid = Problems.of(world.call(Event.get("/api/open")));
        assertThat(invalid.title()).isEqualTo("Invalid request");
        assertThat(invalid.violations())
                .containsExactly(new Violation("/a", "first"), new Violation("/b", "half \ufffd"));

        world.endpoint = _ -> {
            throw ConflictException.preconditionFailed("the flag is at version 7");
        };
        var conflict = Problems.of(world.call(Event.get("/api/open")));
        assertThat(conflict.status()).isEqualTo(412);
        assertThat(conflict.kind()).isEqualTo("conflict");
        assertThat(conflict.violations()).isEmpty();
    }

    @Test
    void unavailableSaysWhenToComeBack() {
        world.endpoint = _ -> {
            throw new UnavailableException("no tier answered", Duration.ofMillis(1200), new IllegalStateException("x"));
        };

        var response = world.call(Event.get("/api/open"));

        assertThat(Problems.of(response).status()).isEqualTo(503);
        assertThat(Problems.of(response).kind()).isEqualTo("unavailable");
        assertThat(response.getHeaders()).containsEntry("Retry-After", "2");
        assertThat(world.log.lines("request_unavailable").getFirst().fields())
                .isEqualTo(Map.of(
                        "requestId",
                        "id-1",
                        "problem",
                        "no tier answered",
                        "cause",
                        "java.lang.IllegalStateException"));
    }

    @Test
    void aDefectShowsNothingInsideAndIsLoggedWithoutItsMessage() {
        world.endpoint = _ -> {
            throw new IllegalStateException("payload", new RuntimeException("payload"));
        };

        var response = world.call(Event.get("/api/open"));

        assertThat(Problems.of(response).status()).isEqualTo(500);
        assertThat(Problems.of(response).kind()).isEqualTo("defect");
        assertThat(response.getBody()).doesNotContain("payload", "Illegal").contains("id-1");
        RecordingLog.Line line = world.log.lines("defect").getFirst();
        assertThat(line.level()).isEqualTo(Log.Level.ERROR);
        assertThat(line.fields().get("exception")).isEqualTo("java.lang.IllegalStateException");
        assertThat(line.fields().get("causes")).isEqualTo("java.lang.RuntimeException");
        assertThat(String.valueOf(line.fields().get("stack"))).contains("HttpEdgeTest");
        assertThat(line.toString()).doesNotContain("payload");
    }

    @Test
    void evenAnErrorOfTheMachineIsAnswered() {
        world.endpoint = _ -> {
            throw new StackOverflowError();
        };

        assertThat(Problems.of(world.call(Event.get("/api/open"))).kind()).isEqualTo("defect");
    }

    @Test
    void misconfigurationIsADefectToCallersAndSpelledOutInTheLog() {
        world.endpoint = _ -> {
            throw new MisconfiguredException("topology", List.of("no primary"));
        };

        var response = world.call(Event.get("/api/open"));

        assertThat(Problems.of(response).status()).isEqualTo(500);
        assertThat(Problems.of(response).kind()).isEqualTo("defect");
        assertThat(response.getBody()).doesNotContain("primary");
        assertThat(world.log.lines("misconfigured").getFirst().fields().get("problem"))
                .isEqualTo("topology: no primary");
    }

    @Test
    void aHeaderThatCouldStartAnotherIsADefectAndNeverSent() {
        world.endpoint = _ -> Response.json(200, "{}").with("ETag", "\"1\"\r\nSet-Cookie: a=b");

        var response = world.call(Event.get("/api/open"));

        assertThat(response.getStatusCode()).isEqualTo(500);
        assertThat(response.getHeaders()).doesNotContainKey("ETag");
    }

    @Test
    void anAnswerThatLambdaCouldNotSendIsTooLarge() {
        world.endpoint = _ -> Response.json(200, "\"".repeat(AnswerSize.MAX_BYTES / 2));
        assertThat(world.call(Event.get("/api/open")).getStatusCode()).isEqualTo(200);

        String larger = "\"".repeat(AnswerSize.MAX_BYTES / 2 + 1);
        world.endpoint = _ -> Response.json(200, larger);
        assertThat(Problems.of(world.call(Event.get("/api/open"))).kind()).isEqualTo("too-large");

        world.endpoint = _ -> Response.json(200, new PreparedBody(larger));
        assertThat(Problems.of(world.call(Event.get("/api/open"))).kind()).isEqualTo("too-large");
    }

    @ParameterizedTest
    @CsvSource({"https://a.example,https://a.example", "*,*"})
    void preflightIsAnsweredToConfiguredOrigins(String configured, String allowed) {
        world.corsOrigins = List.of(configured);

        var response = world.call(Event.of("OPTIONS", "/api/admin/flags/f").header("origin", "https://a.example"));

        assertThat(response.getStatusCode()).isEqualTo(204);
        assertThat(response.getBody()).isNull();
        assertThat(response.getHeaders())
                .containsEntry("Access-Control-Allow-Origin", allowed)
                .containsEntry("Access-Control-Allow-Methods", "PUT, DELETE, OPTIONS")
                .containsEntry(
                        "Access-Control-Allow-Headers",
                        "Authorization, X-API-Key, Content-Type, If-Match, If-None-Match, Burgee-Position, Idempotency-Key")
                .containsEntry("Vary", "Origin");
    }

    @Test
    void preflightGivesOtherOriginsNothing() {
        world.corsOrigins = List.of("https://a.example");

        var response = world.call(Event.of("OPTIONS", "/api/admin/flags/f").header("origin", "https://b.example"));

        assertThat(response.getStatusCode()).isEqualTo(204);
        assertThat(response.getHeaders())
                .containsEntry("Vary", "Origin")
                .doesNotContainKeys(
                        "Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers");
        assertThat(world.call(Event.of("OPTIONS", "/nowhere")).getStatusCode()).isEqualTo(404);
    }

    @Test
    void answersAndProblemsAreReadableToConfiguredOrigins() {
        world.corsOrigins = List.of("https://a.example");
        for (String path : List.of("/api/open", "/nowhere")) {
            assertThat(world.call(Event.get(path).header("origin", "https://a.example"))
                            .getHeaders())
                    .containsEntry("Access-Control-Allow-Origin", "https://a.example")
                    .containsEntry(
                            "Access-Control-Expose-Headers",
                            "ETag, Retry-After, Burgee-Position, Burgee-Source, Burgee-Region, Burgee-Stale, Burgee-Next")
                    .containsEntry("Vary", "Origin");
            assertThat(world.call(Event.get(path)).getHeaders())
                    .doesNotContainKey("Access-Control-Allow-Origin")
                    .containsEntry("Vary", "Origin");
        }
    }

    @Test
    void countsRequestsServerErrorsAndTheColdStart() {
        world.call(Event.get("/api/config/flags/f").key("reader"));
        world.endpoint = _ -> {
            throw new IllegalStateException();
        };
        world.call(Event.get("/api/config/flags/f").key("reader"));
        world.call(Event.get("/nowhere"));

        assertThat(world.metrics.sum(Metric.COLD_START)).isEqualTo(1);
        assertThat(world.metrics.sum(Metric.REQUESTS)).isEqualTo(3);
        assertThat(world.metrics.sum(Metric.SERVER_ERRORS)).isEqualTo(1);
        assertThat(world.metrics.requests()).isEqualTo(3);
    }

    @Test
    void timesTheRoutesThatAskForItAndFailuresToo() {
        world.endpoint = _ -> {
            world.time.advance(Duration.ofMillis(30));
            throw new UnavailableException("no", Duration.ZERO, null);
        };
        world.call(Event.get("/api/config/flags/f").key("reader"));
        world.call(Event.get("/api/open"));

        assertThat(world.metrics.values(Metric.READ_LATENCY)).containsExactly(30.0);
    }

    @Test
    void endsTheRequestInTheMetricsLast() {
        APIGatewayV2HTTPResponse response = world.call(Event.get("/api/open"));

        assertThat(response.getStatusCode()).isEqualTo(200);
        assertThat(world.metrics.requests()).isEqualTo(1);
    }

    @Test
    void saysHowLargeABodyIsWithinAnAnswer() {
        assertThat(AnswerSize.ofBytes("a\"\\\n\u0001é€\ud83d\ude00")).isEqualTo(1 + 2 + 2 + 2 + 6 + 2 + 3 + 4);
    }
}
