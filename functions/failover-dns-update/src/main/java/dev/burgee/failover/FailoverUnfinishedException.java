package dev.burgee.failover;

import java.util.List;

/** Some of a run could not be done. Thrown so that Lambda tries again and the dead-letter queue gets what is left. */
final class FailoverUnfinishedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    FailoverUnfinishedException(List<String> problems) {
        super("the failover run is not finished: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One per failed step, in the order of the steps. */
    List<String> problems() {
        return problems;
    }
}
