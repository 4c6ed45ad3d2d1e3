package dev.burgee.http;

import dev.burgee.failure.BurgeeException;
import dev.burgee.failure.FailureKind;
import dev.burgee.failure.Violation;
import dev.burgee.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A failure as callers see it: an {@code application/problem+json} document (RFC 9457). */
record Problem(int status, String title, FailureKind kind, String detail, List<Violation> violations) {

    static Problem of(BurgeeException failure) {
        return new Problem(
                failure.status(), failure.kind().title(), failure.kind(), failure.text(), failure.violations());
    }

    /** All that a caller hears of a defect. */
    static Problem defect(String requestId) {
        String detail = "The service failed to answer; the reason is in its log under request " + Shown.of(requestId);
        return new Problem(
                FailureKind.DEFECT.status(), FailureKind.DEFECT.title(), FailureKind.DEFECT, detail, List.of());
    }

    Response toResponse() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "about:blank");
        document.put("title", title);
        document.put("status", status);
        document.put("detail", unicode(detail));
        document.put("kind", kind.kind());
        if (!violations.isEmpty()) {
            document.put(
                    "violations",
                    violations.stream()
                            .map(v -> Map.of("pointer", unicode(v.pointer()), "message", unicode(v.message())))
                            .toList());
        }
        return Response.json(status, Json.write(document)).with("Content-Type", "application/problem+json");
    }

    /** Messages may quote a request, and half a surrogate pair could not be sent. */
    private static String unicode(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
        return clean.toString();
    }
}
