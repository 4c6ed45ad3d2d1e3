package dev.burgee.auth;

/** What a route asks for, and what a key allows; each includes those before it. */
public enum Scope {
    /** No key at all. */
    OPEN("open"),
    /** Reading flags. */
    READ("read"),
    /** Changing flags, and reading them. */
    ADMIN("admin");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    /** The word that secrets and messages use. */
    public String text() {
        return text;
    }

    /** Whether a holder of this scope may do what asks for that one. */
    public boolean includes(Scope needed) {
        return compareTo(needed) >= 0;
    }
}
