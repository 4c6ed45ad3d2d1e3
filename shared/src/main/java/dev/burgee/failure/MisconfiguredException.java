package dev.burgee.failure;

import java.util.List;

/** Settings or secrets that cannot work; lists every problem at once. */
public final class MisconfiguredException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public MisconfiguredException(String what, List<String> problems) {
        super(FailureKind.MISCONFIGURED, what + ": " + String.join("; ", problems), null);
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
