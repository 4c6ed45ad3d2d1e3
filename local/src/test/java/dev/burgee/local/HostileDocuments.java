package dev.burgee.local;

import static dev.burgee.local.Hostile.CANARY;
import static dev.burgee.local.Hostile.GOOD;
import static dev.burgee.local.Hostile.bad;
import static dev.burgee.local.Hostile.flags;
import static dev.burgee.local.Hostile.importing;
import static dev.burgee.local.Hostile.object;
import static dev.burgee.local.Hostile.ofBytes;
import static dev.burgee.local.Hostile.patch;
import static dev.burgee.local.Hostile.put;
import static dev.burgee.local.Hostile.variants;
import static dev.burgee.local.Hostile.with;
import static dev.burgee.local.Hostile.withTargeting;

import dev.burgee.local.Hostile.Row;
import java.util.List;
import java.util.stream.Stream;

/** Flags and files of flags that break the rules. */
final class HostileDocuments {
    private HostileDocuments() {}

    static Stream<Row> ofFlags() {
        return Stream.of(
                bad("an array", put("[]"), "an array", "object"),
                bad("null", put("null"), "object"),
                bad("a string", put("\"" + CANARY + "\""), "a string", "object"),
                bad("an unknown member", put(with("\"stat\":1")), "/stat", "not a member", "state, variants"),
                bad("an unknown member with a slash", put(with("\"a/b~c\":1")), "/a~1b~0c"),
                bad("another key", put(with("\"key\":\"other\"")), "/key", "known"),
                bad("a key that is a number", put(with("\"key\":1")), "/key"),
                bad("no state", put("{\"variants\":{\"a\":1}}"), "/state", "ENABLED"),
                bad(
                        "a state in lower case",
                        put("{\"state\":\"enabled\",\"variants\":{\"a\":1}}"),
                        "/state",
                        "\"enabled\"",
                        "\"DISABLED\""),
                bad("a state that is a boolean", put("{\"state\":true,\"variants\":{\"a\":1}}"), "/state", "a boolean"),
                bad("no variants", put("{\"state\":\"ENABLED\"}"), "/variants", "1 to 100"),
                bad(
                        "variants that are an array",
                        put("{\"state\":\"ENABLED\",\"variants\":[1]}"),
                        "/variants",
                        "an array"),
                bad("0 variants", put("{\"state\":\"ENABLED\",\"variants\":{}}"), "/variants", "has 0", "1 to 100"),
                bad(
                        "101 variants",
                        put("{\"state\":\"ENABLED\",\"variants\":" + variants(101) + "}"),
                        "/variants",
                        "has 101",
                        "1 to 100"),
                bad(
                        "a variant without a name",
                        put("{\"state\":\"ENABLED\",\"variants\":{\"\":1}}"),
                        "/variants/",
                        "empty name"),
                bad(
                        "a variant that is null",
                        put("{\"state\":\"ENABLED\",\"variants\":{\"a\":null}}"),
                        "/variants/a",
                        "null"),
                bad(
                        "a variant that is an array",
                        put("{\"state\":\"ENABLED\",\"variants\":{\"a\":[]}}"),
                        "/variants/a",
                        "an array"),
                bad(
                        "variants of two types",
                        put("{\"state\":\"ENABLED\",\"variants\":{\"a\":1,\"b\":\"x\"}}"),
                        "/variants/b",
                        "a string",
                        "a number",
                        "one type"),
                bad(
                        "a default that no variant has",
                        put("{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"defaultVariant\":\"b\"}"),
                        "/defaultVariant",
                        "\"b\"",
                        "variants"),
                bad(
                        "a default that is a number",
                        put("{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"defaultVariant\":1}"),
                        "/defaultVariant",
                        "a number"),
                bad("targeting that is a string", put(withTargeting("\"x\"")), "/targeting", "a string", "object"),
                bad("targeting that is null", put(withTargeting("null")), "/targeting", "object"),
                bad("metadata that is an array", put(with("\"metadata\":[]")), "/metadata", "an array"),
                bad("metadata with an object in it", put(with("\"metadata\":{\"a\":{}}")), "/metadata/a", "an object"),
                bad(
                        "several at once",
                        put("{\"state\":1,\"variants\":{},\"defaultVariant\":2,\"x\":3}"),
                        "4 rule(s)",
                        "/state",
                        "/variants",
                        "/defaultVariant",
                        "/x"),
                bad("10,000 unknown members", put(object(10_000)), "10002 rule(s)", "first 100"),
                bad("a patch to a bad state", patch("{\"state\":\"on\"}"), "/state", "\"on\""),
                bad("a patch to no variants", patch("{\"variants\":null}"), "/variants"),
                bad("a patch to an unknown member", patch("{\"x\":1}"), "/x"),
                bad("a patch to another key", patch("{\"key\":\"other\"}"), "/key"),
                new Row(
                        "64 KiB and one byte",
                        put(ofBytes(64 * 1024 + 1)),
                        413,
                        "too-large",
                        List.of("65537 bytes", "at most 65536")),
                new Row(
                        "a patch to more than 64 KiB",
                        patch("{\"metadata\":{\"a\":\"" + "x".repeat(65_536) + "\"}}"),
                        413,
                        "too-large",
                        List.of("patched flag", "65536")));
    }

    static Stream<Row> ofFiles() {
        return Stream.of(
                bad("no file", importing(""), "body", "missing"),
                bad("a file that is an array", importing("[]"), "/flags", "flagd"),
                bad("a file without flags", importing("{}"), "/flags"),
                bad("flags that are an array", importing("{\"flags\":[]}"), "/flags"),
                bad("evaluators", importing("{\"flags\":{},\"$evaluators\":{}}"), "/$evaluators", "not supported"),
                bad("a bad key", importing("{\"flags\":{\"../x\":" + GOOD + "}}"), "/flags/..~1x", "A-Z"),
                bad(
                        "one bad flag among good ones",
                        importing("{\"flags\":{\"a\":" + GOOD + ",\"b\":{\"state\":1}}}"),
                        "/flags/b/state",
                        "/flags/b/variants"),
                bad("200 bad flags", importing("{\"flags\":" + object(200) + "}"), "200 rule(s)", "first 100"),
                bad("a bad mode", importing("{\"flags\":{}}").query("mode", "overwrite"), "mode", "merge or replace"),
                bad("a bad dryRun", importing("{\"flags\":{}}").query("dryRun", "yes"), "dryRun", "true or false"),
                bad(
                        "a condition, which has no meaning here",
                        importing("{\"flags\":{}}").header("if-match", "\"1\""),
                        "If-Match",
                        "import"),
                new Row(
                        "a flag of over 64 KiB",
                        importing("{\"flags\":{\"a\":" + ofBytes(64 * 1024 + 1) + "}}"),
                        413,
                        "too-large",
                        List.of("flag a", "65536")),
                new Row(
                        "1,001 flags",
                        importing("{\"flags\":" + flags(1_001) + "}"),
                        413,
                        "too-large",
                        List.of("1001", "1000", "split")),
                new Row(
                        "1,001 flags, to try",
                        importing("{\"flags\":" + flags(1_001) + "}").query("dryRun", "true"),
                        413,
                        "too-large",
                        List.of("1001", "1000")));
    }
}
