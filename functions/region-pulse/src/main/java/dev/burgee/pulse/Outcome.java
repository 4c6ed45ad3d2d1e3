package dev.burgee.pulse;

/** How a pulse ended, in one word. */
enum Outcome {
    /** Nothing was asked for but a pulse, or nothing that it asked for could be decided. */
    PULSED("pulsed"),
    /** This pulse appended a promotion. */
    PROMOTED("promoted"),
    /** This region is the home. */
    ALREADY("already"),
    /** The control plane calls this region primary, and its cache does not accept writes (yet). */
    NOT_WRITABLE("not-writable"),
    REFUSED("refused"),
    DRY_RUN("dry-run");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
