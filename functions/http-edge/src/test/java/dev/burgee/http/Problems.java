package dev.burgee.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.burgee.failure.Violation;
import dev.burgee.json.JsonTree;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A problem document as a caller reads it, checked for its form. */
record Problems(int status, String title, String kind, String detail, List<Violation> violations) {

    static Problems of(APIGatewayV2HTTPResponse response) {
        return of(response.getStatusCode(), response.getHeaders(), response.getBody());
    }

    static Problems of(EdgeWorld.Written written) {
        return of(written.status(), written.headers(), written.body());
    }

    private static Problems of(int status, Map<String, String> headers, @Nullable String body) {
        assertThat(headers)
                .containsEntry("Content-Type", "application/problem+json")
                .containsEntry("Cache-Control", "no-store");
        JsonTree document = JsonTree.of(String.valueOf(body));
        assertThat(document.text("type")).isEqualTo("about:blank");
        assertThat(document.number("status")).isEqualTo(status);
        assertThat(document.names())
                .contains("title", "detail", "kind")
                .isSubsetOf("type", "title", "status", "detail", "kind", "violations");
        List<JsonTree> violations = document.has("violations") ? document.objects("violations") : List.of();
        return new Problems(
                status,
                document.text("title"),
                document.text("kind"),
                document.text("detail"),
                violations.stream()
                        .map(v -> new Violation(v.text("pointer"), v.text("message")))
                        .toList());
    }
}
