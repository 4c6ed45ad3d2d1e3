package dev.burgee.local.bench;

import dev.burgee.local.DevKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a measuring process finds one {@link WarmWorld}.
 *
 * @param flags how many it has
 * @param home port of the home's cache, on the loopback
 * @param replica port of the cache that follows it
 * @param ledger port of DynamoDB Local
 * @param secrets port of Secrets Manager's stand-in
 * @param table of the ledger
 * @param key of the flag that is read; the plain client reads the same document under this key
 */
record WarmAddress(int flags, int home, int replica, int ledger, int secrets, String table, String key) {
    static final String USERNAME = "burgee";
    static final String PASSWORD = "bench";
    static final String KEYS_SECRET = "burgee/keys";

    /** Nobody listens there. */
    static final int NOWHERE = 1;

    static WarmAddress parse(String text) {
        List<String> parts = List.of(text.split(",", -1));
        return new WarmAddress(
                Integer.parseInt(parts.get(0)),
                Integer.parseInt(parts.get(1)),
                Integer.parseInt(parts.get(2)),
                Integer.parseInt(parts.get(3)),
                Integer.parseInt(parts.get(4)),
                parts.get(5),
                parts.get(6));
    }

    /** For {@link #parse}. */
    String text() {
        return String.join(
                        ",",
                        List.of(flags, home, replica, ledger, secrets).stream()
                                .map(String::valueOf)
                                .toList())
                + "," + table + "," + key;
    }

    /** The same where this region's cache is gone. */
    WarmAddress withoutReplica() {
        return new WarmAddress(flags, home, NOWHERE, ledger, secrets, table, key);
    }

    /** The same where all caches are gone. */
    WarmAddress withoutCaches() {
        return new WarmAddress(flags, NOWHERE, NOWHERE, ledger, secrets, table, key);
    }

    /** What a function in a region other than the home's gets from Lambda. */
    Map<String, String> environment(int windowMs) {
        Map<String, String> variables = usual("eu-west-1");
        // a busy machine makes a read late, which is to be seen as one that is late, and not as one of another tier
        variables.put("BURGEE_LOCAL_READ_MS", "500");
        variables.put("BURGEE_LOCAL_CONNECT_MS", "500");
        variables.put("REDIS_REPLICA_URL", "redis://127.0.0.1:" + replica);
        variables.put("BURGEE_FRESHNESS_WINDOW_MS", Integer.toString(windowMs));
        return variables;
    }

    /** What a function in the home region gets, with more time than usual: it makes the data, on a machine that may be busy. */
    Map<String, String> homeEnvironment() {
        Map<String, String> variables = usual("us-east-1");
        List.of("LOCAL_READ", "CROSS_WRITE", "LEDGER_CALL", "AWS_CALL")
                .forEach(limit -> variables.put("BURGEE_" + limit + "_MS", "4000"));
        variables.put("BURGEE_WHOLE_WRITE_MS", "14000");
        return variables;
    }

    private Map<String, String> usual(String region) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_REGION", region);
        variables.put("AWS_LAMBDA_FUNCTION_NAME", "burgee-bench");
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        variables.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:" + secrets);
        variables.put("BURGEE_KEYS_SECRET", KEYS_SECRET);
        variables.put("REDIS_PRIMARY_URL", "redis://127.0.0.1:" + home);
        variables.put("REDIS_USERNAME", USERNAME);
        variables.put("REDIS_PASSWORD", PASSWORD);
        variables.put("BURGEE_LEDGER_TABLE", table);
        variables.put("BURGEE_LEDGER_ENDPOINT", "http://127.0.0.1:" + ledger);
        return variables;
    }

    /** The headers that API Gateway passes on, and a key. */
    static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("accept", "*/*");
        headers.put("authorization", "Bearer " + DevKey.ADMIN.text());
        headers.put("host", "abcdef1234.execute-api.eu-west-1.amazonaws.com");
        headers.put("user-agent", "curl/8.5.0");
        headers.put("x-amzn-trace-id", "Root=1-692005a0-1f2e3d4c5b6a798877665544");
        headers.put("x-forwarded-for", "192.0.2.7");
        headers.put("x-forwarded-port", "443");
        headers.put("x-forwarded-proto", "https");
        return headers;
    }
}
