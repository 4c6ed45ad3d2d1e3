package dev.burgee.failure;

/** The closed set of ways in which a request can fail, and what each means outside: the one table of it. */
public enum FailureKind {
    INVALID_REQUEST("invalid-request", 400, "Invalid request"),
    UNAUTHORIZED("unauthorized", 401, "Key missing or not valid"),
    FORBIDDEN("forbidden", 403, "Key not allowed to do this"),
    NOT_FOUND("not-found", 404, "Not found"),
    CONFLICT("conflict", 409, "Conflict"),
    TOO_LARGE("too-large", 413, "Too large"),
    UNAVAILABLE("unavailable", 503, "Temporarily unavailable"),
    MISCONFIGURED("defect", 500, "Internal error"),
    DEFECT("defect", 500, "Internal error");

    private final String kind;
    private final int status;
    private final String title;

    FailureKind(String kind, int status, String title) {
        this.kind = kind;
        this.status = status;
        this.title = title;
    }

    /** The {@code kind} member of the problem document. */
    public String kind() {
        return kind;
    }

    /** The HTTP status, unless the exception says a closer one (412 instead of 409). */
    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** Whether an operator should hear of it: our fault, not the caller's. */
    public boolean isServerError() {
        return status >= 500;
    }
}
