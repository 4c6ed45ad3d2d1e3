package dev.burgee.rehearsal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.burgee.json.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Answers one call of an AWS API on a connection: a secret, or an empty DynamoDB; whatever else is asked is refused, which
 * lets a client be made and used all the same. Not thread-safe.
 */
final class StagedApis {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int LINE_BYTES_MAX = 16_384;
    private static final String REFUSED_JSON = "{\"__type\":\"ResourceNotFoundException\",\"message\":\"rehearsal\"}";
    private static final String REFUSED_XML =
            "<ErrorResponse><Error><Type>Sender</Type><Code>Rehearsal</Code><Message>rehearsal</Message></Error></ErrorResponse>";

    private record Reply(int status, String type, String body) {
        static Reply json(int status, String body) {
            return new Reply(status, "application/x-amz-json-1.0", body);
        }
    }

    private final Map<String, String> secrets;

    /** Texts by id. */
    StagedApis(Map<String, String> secrets) {
        this.secrets = Map.copyOf(secrets);
    }

    void serve(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        line(in);
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(Math.min(length, BODY_BYTES_MAX)), UTF_8);
        Reply reply = reply(headers.getOrDefault("x-amz-target", ""), body);
        byte[] bytes = reply.body().getBytes(UTF_8);
        String head = "HTTP/1.1 " + reply.status() + " Rehearsal\r\nContent-Type: " + reply.type()
                + "\r\nContent-Length: " + bytes.length + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private Reply reply(String target, String body) {
        return switch (target.substring(target.indexOf('.') + 1)) {
            case "GetSecretValue" -> secret(body);
            case "GetItem", "PutItem", "UpdateItem", "DeleteItem" -> Reply.json(200, "{}");
            case "Query", "Scan" -> Reply.json(200, "{\"Count\":0,\"ScannedCount\":0,\"Items\":[]}");
            case "BatchWriteItem" -> Reply.json(200, "{\"UnprocessedItems\":{}}");
            case "DescribeTable" ->
                Reply.json(200, "{\"Table\":{\"TableName\":\"rehearsal\",\"TableStatus\":\"ACTIVE\"}}");
            case "" -> new Reply(400, "text/xml", REFUSED_XML);
            default -> Reply.json(400, REFUSED_JSON);
        };
    }

    private Reply secret(String body) {
        String text = Json.parse(body) instanceof Map<?, ?> request ? secrets.get(request.get("SecretId")) : null;
        return text == null
                ? Reply.json(400, REFUSED_JSON)
                : Reply.json(200, Json.write(Map.of("Name", "rehearsal", "SecretString", text)));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LINE_BYTES_MAX; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
