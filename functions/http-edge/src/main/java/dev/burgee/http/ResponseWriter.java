package dev.burgee.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.burgee.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Writes payload 2.0 answers, without reflection. */
final class ResponseWriter {
    private static final int USUAL_BYTES = 1_024;

    private ResponseWriter() {}

    /**
     * Writes all of it, or nothing.
     *
     * @throws IOException when {@code out} cannot be written
     */
    static void write(Response response, OutputStream out) throws IOException {
        PreparedBody prepared = response.prepared();
        int bodyBytes = prepared == null ? 0 : prepared.escaped().length;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES + bodyBytes);
        try (JsonGenerator json = Json.factory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("statusCode", response.status());
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : response.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
            if (prepared != null) {
                json.writeFieldName("body");
                json.writeRawUTF8String(prepared.escaped(), 0, bodyBytes);
            } else if (response.body() != null) {
                json.writeStringField("body", response.body());
            }
            json.writeBooleanField("isBase64Encoded", false);
            json.writeEndObject();
        }
        bytes.writeTo(out);
        out.flush();
    }
}
