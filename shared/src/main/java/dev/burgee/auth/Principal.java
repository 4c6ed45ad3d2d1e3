package dev.burgee.auth;

/**
 * Who is calling. Immutable.
 *
 * @param name the key's name: the actor in a flag's history
 */
public record Principal(String name, Scope scope) {
    /** A caller without a key, on a route that asks for none. */
    public static final Principal NOBODY = anonymous(Scope.OPEN);

    /** A caller without a key, with the scope that the settings open to everybody. */
    public static Principal anonymous(Scope scope) {
        return new Principal("anonymous", scope);
    }
}
