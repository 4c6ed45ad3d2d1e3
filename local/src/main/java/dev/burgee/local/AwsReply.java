package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import dev.burgee.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** An answer of an AWS API, in the form of its protocol. Immutable. */
record AwsReply(int status, Map<String, String> headers, String body) {
    private static final String CONTENT_TYPE = "Content-Type";

    AwsReply {
        headers = Map.copyOf(headers);
    }

    /** Of a service that speaks JSON. */
    static AwsReply json(Map<String, ?> tree) {
        return new AwsReply(200, Map.of(CONTENT_TYPE, "application/x-amz-json-1.1"), Json.write(tree));
    }

    static AwsReply jsonError(int status, String type, String message) {
        return new AwsReply(
                status,
                Map.of(CONTENT_TYPE, "application/x-amz-json-1.1", "x-amzn-ErrorType", type),
                Json.write(Map.of("__type", type, "message", message, "Message", message)));
    }

    /** Of a service that speaks XML; the name space goes into the root. */
    static AwsReply xml(String namespace, String root, String content) {
        return new AwsReply(
                200,
                Map.of(CONTENT_TYPE, "text/xml"),
                "<?xml version=\"1.0\"?>\n<" + root + " xmlns=\"" + namespace + "\">" + content + "</" + root + ">");
    }

    static AwsReply xmlError(int status, String namespace, String code, String message) {
        AwsReply reply = xml(
                namespace,
                "ErrorResponse",
                Xml.element(
                                "Error",
                                Xml.text("Type", status < 500 ? "Sender" : "Receiver")
                                        + Xml.text("Code", code)
                                        + Xml.text("Message", message))
                        + Xml.text("RequestId", UUID.randomUUID().toString()));
        return new AwsReply(status, reply.headers, reply.body);
    }

    AwsReply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new AwsReply(status, more, body);
    }

    void send(HttpExchange exchange) throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        LoopbackHttp.send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }
}
