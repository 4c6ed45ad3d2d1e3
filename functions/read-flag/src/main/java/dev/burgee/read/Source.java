package dev.burgee.read;

/** Where an answer came from: the value of {@code Burgee-Source}. */
enum Source {
    MEMORY("memory"),
    REPLICA("replica"),
    PRIMARY("primary"),
    DATABASE("database"),
    LAST_KNOWN("last-known");

    private final String text;

    Source(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
