package dev.burgee.local;

import static dev.burgee.local.Hostile.ADMIN;
import static dev.burgee.local.Hostile.FLAG;
import static dev.burgee.local.Hostile.GOOD;
import static dev.burgee.local.Hostile.bad;
import static dev.burgee.local.Hostile.filled;
import static dev.burgee.local.Hostile.get;
import static dev.burgee.local.Hostile.importing;
import static dev.burgee.local.Hostile.nested;
import static dev.burgee.local.Hostile.patch;
import static dev.burgee.local.Hostile.put;
import static dev.burgee.local.Hostile.revert;
import static dev.burgee.local.Hostile.withTargeting;

import dev.burgee.local.Hostile.Row;
import java.util.List;
import java.util.stream.Stream;

/** Bodies that are not what a route takes, before any rule of flags. */
final class HostileBodies {
    private HostileBodies() {}

    static Stream<Row> rows() {
        return Stream.of(
                bad("no body", put("").body(""), "body", "missing", "JSON"),
                bad("no body for a patch", patch(""), "body", "missing"),
                bad(
                        "no body for a revert",
                        ApiRequest.of("POST", ADMIN + "/revert").key("dev-admin"),
                        "body",
                        "missing"),
                bad("white space", put("  \n "), "body", "is empty"),
                bad("malformed", put("{\"state\":"), "body", "not valid JSON", "ends too early", "line 1"),
                bad("single quotes", put("{'state':'ENABLED'}"), "body", "not valid JSON"),
                bad("a trailing comma", put("{\"state\":\"ENABLED\",}"), "body", "not valid JSON", "column"),
                bad("not a number", put("{\"state\":NaN}"), "body", "not valid JSON"),
                bad("two documents", put(GOOD + GOOD), "body", "more text"),
                bad("a member twice", put("{\"state\":\"ENABLED\",\"state\":\"ENABLED\"}"), "body", "twice"),
                bad("a byte order mark only", put("\ufeff"), "body"),
                bad("1,000 levels", put(nested(1_000)), "body", "100 levels"),
                bad("101 levels in the targeting", put(withTargeting(nested(100))), "body", "100 levels"),
                bad("99 levels", put(withTargeting(nested(98))), "99 levels", "98"),
                bad("a patch to 99 levels", patch("{\"targeting\":" + nested(98) + "}"), "99 levels", "98"),
                bad("1,000 levels in a patch", patch(nested(1_000)), "body", "100 levels"),
                bad("a number of 101 digits", put(withTargeting("9".repeat(101))), "body", "number", "100"),
                bad("a name of 60,000 characters", put("{\"" + "n".repeat(60_000) + "\":1}"), "body", "name"),
                bad("an exponent beyond 32 bits", put(withTargeting("{\"a\":1e99999999999}")), "body", "exponent"),
                bad("half a surrogate pair", put("{\"state\":\"\\ud800\"}"), "body", "surrogate"),
                bad("an array for a patch", patch("[1]"), "body", "object"),
                bad("a string for a patch", patch("\"x\""), "body", "object"),
                bad("revert to nothing", revert("{}"), "/to", "whole number"),
                bad("revert to a string", revert("{\"to\":\"1\"}"), "/to", "whole number"),
                bad("revert to 1.0", revert("{\"to\":1.0}"), "/to", "whole number"),
                bad("revert to 0", revert("{\"to\":0}"), "/to", "whole number"),
                bad(
                        "revert to a number beyond 64 bits",
                        revert("{\"to\":99999999999999999999}"),
                        "/to",
                        "whole number"),
                bad("revert with more members", revert("{\"to\":1,\"force\":true}"), "/to", "only member"),
                new Row("revert to what never was", revert("{\"to\":999}"), 404, "not-found", List.of("known", "999")),
                bad("what is not base64", put("").rawBase64("&%$§ not base64"), "body", "base64"),
                bad("base64 of what is not UTF-8", put("").base64(new byte[] {(byte) 0xc3, 0x28}), "body", "UTF-8"),
                bad("base64 of malformed JSON", put("").base64("{"), "body", "not valid JSON"),
                bad("base64 of nothing", put("").rawBase64(""), "body", "missing"),
                bad("base64 of gzip", put("").base64(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0}), "body"),
                new Row(
                        "a body of 256 KiB and one byte",
                        put(filled(256 * 1024 + 1)),
                        413,
                        "too-large",
                        List.of("body", "262144")),
                new Row(
                        "the same as base64",
                        put("").base64(filled(256 * 1024 + 1)),
                        413,
                        "too-large",
                        List.of("body", "262144")),
                new Row(
                        "a body of 256 KiB and more in UTF-8",
                        put(filled(200_000).replace('x', 'ü')),
                        413,
                        "too-large",
                        List.of("262144")),
                new Row(
                        "such a body on a read",
                        get(FLAG).body(filled(256 * 1024 + 1)),
                        413,
                        "too-large",
                        List.of("body")),
                new Row(
                        "an import of over 5 MiB",
                        importing(filled(5 * 1024 * 1024 + 1)),
                        413,
                        "too-large",
                        List.of("body", "5242880")));
    }
}
