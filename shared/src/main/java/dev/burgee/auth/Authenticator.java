package dev.burgee.auth;

import java.util.Map;

/** Tells who is calling from the request's headers. Thread-safe. */
public interface Authenticator {
    /**
     * The caller, who has at least the scope that is needed.
     *
     * @param headers by lower-case name
     * @throws dev.burgee.failure.UnauthorizedException when there is no key, or one that is not known
     * @throws dev.burgee.failure.ForbiddenException when the key's scope does not include {@code needed}
     * @throws dev.burgee.failure.UnavailableException when the keys cannot be had yet
     */
    Principal authenticate(Map<String, String> headers, Scope needed);
}
