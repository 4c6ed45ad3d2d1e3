package dev.burgee.pulse;

/** Who decides which cache is writable. */
enum Profile {
    /** ElastiCache's control plane does; the pulse records what it sees. */
    GLOBAL_DATASTORE("global-datastore"),
    /** The last promotion does; the pulse makes its own cache do as it says. */
    SELF_MANAGED("self-managed");

    private final String text;

    Profile(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
