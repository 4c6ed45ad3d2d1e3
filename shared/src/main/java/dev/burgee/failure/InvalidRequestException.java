package dev.burgee.failure;

import java.util.List;

/** The request breaks one or more rules; all that could be found are listed. */
public final class InvalidRequestException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    /** More are counted, but not listed: a hostile body of 256 KiB could break tens of thousands. */
    private static final int LISTED_MAX = 100;

    private final transient List<Violation> violations;

    public InvalidRequestException(String message, List<Violation> violations) {
        super(FailureKind.INVALID_REQUEST, message, null);
        this.violations = List.copyOf(violations);
    }

    public InvalidRequestException(String where, String problem) {
        this(where + ": " + problem, List.of(new Violation(where, problem)));
    }

    /**
     * The failure of a document.
     *
     * @param subject who broke the rules, with the verb: {@code the flag breaks}
     */
    public static InvalidRequestException ofRules(String subject, List<Violation> broken) {
        boolean cut = broken.size() > LISTED_MAX;
        return new InvalidRequestException(
                subject + " " + broken.size() + " rule(s)" + (cut ? ", the first " + LISTED_MAX + " are listed" : ""),
                cut ? broken.subList(0, LISTED_MAX) : broken);
    }

    @Override
    public List<Violation> violations() {
        return violations;
    }
}
