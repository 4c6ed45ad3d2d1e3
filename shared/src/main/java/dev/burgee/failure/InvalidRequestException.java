package dev.burgee.failure;

import java.util.List;

/** The request breaks one or more rules; all that could be found are listed. */
public final class InvalidRequestException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public InvalidRequestException(String message, List<Violation> violations) {
        super(FailureKind.INVALID_REQUEST, message, null);
        this.violations = List.copyOf(violations);
    }

    public InvalidRequestException(String where, String problem) {
        this(where + ": " + problem, List.of(new Violation(where, problem)));
    }

    @Override
    public List<Violation> violations() {
        return violations;
    }
}
