package dev.burgee.local;

import static dev.burgee.local.Hostile.ADMIN;
import static dev.burgee.local.Hostile.FLAG;
import static dev.burgee.local.Hostile.FLAGS;
import static dev.burgee.local.Hostile.GOOD;
import static dev.burgee.local.Hostile.IMPORT;
import static dev.burgee.local.Hostile.bad;
import static dev.burgee.local.Hostile.get;
import static dev.burgee.local.Hostile.history;
import static dev.burgee.local.Hostile.method;
import static dev.burgee.local.Hostile.patch;
import static dev.burgee.local.Hostile.printable;
import static dev.burgee.local.Hostile.put;
import static dev.burgee.local.Hostile.unauthorized;

import dev.burgee.local.Hostile.Row;
import java.util.List;
import java.util.stream.Stream;

/** Paths, headers, parameters and callers that are refused whatever the body says. */
final class HostileRequests {
    private HostileRequests() {}

    static Stream<Row> keys() {
        List<String> bad = List.of(
                "../x",
                "%2e%2e%2fx",
                "a b",
                "a%20b",
                "",
                "k".repeat(129),
                "größe",
                "\ud83d\ude00",
                "a\u0000b",
                "a\nb",
                "a;b",
                "a?b",
                "a*",
                "#position",
                "f:known",
                "known%00");
        return bad.stream()
                .flatMap(key -> Stream.of(
                                get(FLAGS + "/" + key),
                                ApiRequest.of("PUT", "/api/admin/flags/" + key)
                                        .key("dev-admin")
                                        .body(GOOD),
                                ApiRequest.of("DELETE", "/api/admin/flags/" + key)
                                        .key("dev-admin"),
                                ApiRequest.of("POST", "/api/admin/flags/" + key + "/invalidate")
                                        .key("dev-admin"))
                        .map(request -> key.contains("/")
                                ? new Row("path " + request.path(), request, 404, "not-found", List.of("no route"))
                                : bad(
                                        "key " + request.method() + " " + key,
                                        request,
                                        "flagKey",
                                        key.length() + " characters",
                                        "1 to 128")));
    }

    static Stream<Row> headersAndParameters() {
        Stream<Row> tags = Stream.of(
                        "42", "\"", "\"42", "W/42", "\"a\" \"b\"", "\"42\",", "*, \"42\"", "", "\u0001", "\"ü\"")
                .flatMap(tag -> Stream.of(
                        bad("If-Match " + tag, patch("{}").header("if-match", tag), "If-Match", "entity tags"),
                        bad(
                                "If-None-Match " + tag,
                                get(FLAG).header("if-none-match", tag),
                                "If-None-Match",
                                "entity tags")));
        Stream<Row> positions = Stream.of("", "x", "-1", "1.5", "1e3", " 1", "1,2", "0".repeat(19), "٣")
                .flatMap(token -> Stream.of(
                        bad(
                                "position " + token,
                                get(FLAG).header("burgee-position", token),
                                "Burgee-Position",
                                "18 digits"),
                        bad(
                                "position on a write " + token,
                                put(GOOD).header("burgee-position", token),
                                "Burgee-Position")));
        Stream<Row> repeats = Stream.of("", "a b", "ü", "k".repeat(129))
                .map(key -> bad(
                        "Idempotency-Key " + key,
                        put(GOOD).header("idempotency-key", key),
                        "Idempotency-Key",
                        key.length() + " characters",
                        "1 to 128"));
        Stream<Row> numbers = Stream.of("", "0", "-1", "1.5", "x", "99999999999999999999", "1,2", "٣")
                .flatMap(number -> Stream.of(
                        bad(
                                "limit " + number,
                                get(FLAGS).query("limit", number),
                                "limit",
                                "\"" + printable(number) + "\"",
                                "1 to 100000"),
                        bad(
                                "history limit " + number,
                                history().query("limit", number),
                                "limit",
                                "\"" + printable(number) + "\"",
                                "1 to 25"),
                        bad(
                                "history before " + number,
                                history().query("before", number),
                                "before",
                                "\"" + printable(number) + "\"")));
        return Stream.of(
                        tags,
                        positions,
                        repeats,
                        numbers,
                        Stream.of(
                                bad(
                                        "an If-None-Match with a version on a write",
                                        put(GOOD).header("if-none-match", "\"1\""),
                                        "If-None-Match",
                                        "*"),
                                bad(
                                        "both conditions",
                                        put(GOOD).header("if-none-match", "*").header("if-match", "\"1\""),
                                        "If-None-Match",
                                        "If-Match"),
                                bad("a limit above the most", get(FLAGS).query("limit", "100001"), "limit", "100000"),
                                bad("a bad after", get(FLAGS).query("after", "../x"), "after", "../x", "1 to 128"),
                                bad(
                                        "a bad after of an export",
                                        ApiRequest.of("GET", "/api/admin/export")
                                                .key("dev-admin")
                                                .query("after", "ä"),
                                        "after"),
                                new Row(
                                        "a version that is not there",
                                        put(GOOD).header("if-match", "\"7\""),
                                        412,
                                        "conflict",
                                        List.of("known", "version 1")),
                                new Row(
                                        "a weak tag",
                                        put(GOOD).header("if-match", "W/\"1\""),
                                        412,
                                        "conflict",
                                        List.of("known")),
                                new Row(
                                        "a flag that exists",
                                        put(GOOD).header("if-none-match", "*"),
                                        412,
                                        "conflict",
                                        List.of("known", "version 1"))))
                .flatMap(rows -> rows);
    }

    static Stream<Row> callers() {
        List<ApiRequest> reads =
                List.of(ApiRequest.of("GET", FLAG), ApiRequest.of("GET", FLAGS), ApiRequest.of("GET", "/api/health"));
        List<ApiRequest> writes = List.of(
                ApiRequest.of("PUT", ADMIN).body(GOOD),
                ApiRequest.of("PATCH", ADMIN).body("{}"),
                ApiRequest.of("DELETE", ADMIN),
                ApiRequest.of("GET", ADMIN + "/history"),
                ApiRequest.of("POST", ADMIN + "/revert").body("{\"to\":1}"),
                ApiRequest.of("POST", ADMIN + "/invalidate"),
                ApiRequest.of("POST", IMPORT).body("{\"flags\":{}}"),
                ApiRequest.of("GET", "/api/admin/export"));
        Stream<Row> without = Stream.concat(reads.stream(), writes.stream())
                .flatMap(request -> Stream.of(
                        unauthorized("no key", request, "no key"),
                        unauthorized("a wrong key", request.key("wrong-key-canary"), "not known"),
                        unauthorized(
                                "a wrong bearer",
                                request.header("authorization", "Bearer wrong-key-canary"),
                                "not known"),
                        unauthorized("another scheme", request.header("authorization", "Basic d3Jvbmc6a2V5"), "no key"),
                        unauthorized("a bearer of nothing", request.header("authorization", "Bearer "), "no key"),
                        unauthorized("a key in the query", request.query("x-api-key", "dev-admin"), "no key"),
                        unauthorized("a key with more to it", request.key("dev-admin,dev-admin"), "not known"),
                        unauthorized("a bad body and no key", request.body("{"), "no key"),
                        // the key's name and its hash are not the key
                        unauthorized(
                                "a hash",
                                request.key("0bfdf1f6c1a0ac6e0f0b9c4ca0ff8f8a9a2a6aa02c3c9be7a0c8e9c6f3fb1d0e"),
                                "not known")));
        Stream<Row> reading = writes.stream()
                .map(request -> new Row(
                        "a read key: " + request.method() + " " + request.path(),
                        request.key("dev-read"),
                        403,
                        "forbidden",
                        List.of("scope read", "admin")));
        return Stream.concat(without, reading);
    }

    static Stream<Row> routes() {
        return Stream.concat(
                Stream.of(
                                "/",
                                "",
                                "/api",
                                "/api/config",
                                "/api/config/",
                                "/api/config/flags/a/b",
                                "/api/admin",
                                "/api/admin/flags",
                                "/API/config/flags",
                                "/api/config//flags",
                                "/api/health/",
                                "/favicon.ico",
                                "/api/admin/flags/known/nothing",
                                "/" + "x".repeat(9_000))
                        .map(path -> new Row("route " + path, get(path), 404, "not-found", List.of("no route"))),
                Stream.of(
                        method("POST", FLAG),
                        method("DELETE", FLAGS),
                        method("HEAD", FLAG),
                        method("GET", ADMIN),
                        method("GET", IMPORT),
                        method("PUT", "/api/admin/export"),
                        method("get", FLAG),
                        method("", FLAG),
                        method("POST", "/api/health/live")));
    }
}
