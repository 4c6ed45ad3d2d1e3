package dev.burgee.http;

import dev.burgee.failure.BurgeeException;
import dev.burgee.failure.MisconfiguredException;
import dev.burgee.failure.UnauthorizedException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.log.Log;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one place where whatever was thrown becomes an answer, and a log line where an operator should hear of it. */
final class Failures {
    private static final int FRAMES_MAX = 30;
    private static final int CAUSES_MAX = 5;

    private final Log log;

    Failures(Log log) {
        this.log = log;
    }

    Response answer(Throwable thrown, String requestId) {
        return switch (thrown) {
            case MisconfiguredException e -> {
                // its text names settings, which are no business of callers
                log.error("misconfigured", Map.of("requestId", requestId, "problem", e.text()));
                yield Problem.defect(requestId).toResponse();
            }
            case UnavailableException e -> {
                log.warn("request_unavailable", unavailable(e, requestId));
                yield Problem.of(e).toResponse().with("Retry-After", Long.toString(e.retryAfterSeconds()));
            }
            case UnauthorizedException e -> Problem.of(e).toResponse().with("WWW-Authenticate", "Bearer");
            case BurgeeException e -> Problem.of(e).toResponse();
            default -> {
                log.error("defect", defect(thrown, requestId));
                yield Problem.defect(requestId).toResponse();
            }
        };
    }

    private static Map<String, Object> unavailable(UnavailableException e, String requestId) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("requestId", requestId);
        fields.put("problem", e.text());
        if (e.getCause() != null) {
            fields.put("cause", e.getCause().getClass().getName());
        }
        return fields;
    }

    /** Classes and frames only: a message of somebody else's exception may quote a payload. */
    private static Map<String, Object> defect(Throwable thrown, String requestId) {
        List<String> causes = new ArrayList<>();
        for (@Nullable Throwable t = thrown.getCause(); t != null && causes.size() < CAUSES_MAX; t = t.getCause()) {
            causes.add(t.getClass().getName());
        }
        List<String> frames = new ArrayList<>();
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frames.size() == FRAMES_MAX) {
                break;
            }
            frames.add(frame.toString());
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("requestId", requestId);
        fields.put("exception", thrown.getClass().getName());
        fields.put("causes", String.join(", ", causes));
        fields.put("stack", String.join("\n", frames));
        return fields;
    }
}
