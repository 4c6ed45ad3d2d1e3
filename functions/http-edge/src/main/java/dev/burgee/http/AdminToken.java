package dev.burgee.http;

import dev.burgee.auth.Authenticator;
import dev.burgee.auth.Principal;
import dev.burgee.auth.Scope;
import dev.burgee.failure.UnauthorizedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Admin requests where API Gateway has a JWT authorizer: it checks the token in {@code Authorization} (issuer, audience,
 * scope), so that the key travels in {@code X-API-Key} and the actor is the token's subject. Stateless.
 */
final class AdminToken {
    private static final Pattern SUBJECT = Pattern.compile("[!-~]([ -~]{0,126}[!-~])?");

    private AdminToken() {}

    /**
     * The caller: who the token says, with the scope of the key.
     *
     * @throws UnauthorizedException when no token was checked on the way here, or there is no known key
     * @throws dev.burgee.failure.ForbiddenException when the key is not an admin's
     */
    static Principal holder(Envelope envelope, Authenticator keys) {
        String subject = envelope.subject();
        if (subject == null) {
            // an API without the authorizer must not become a way round it
            throw new UnauthorizedException(
                    "no token was checked: admin requests need one in Authorization, and a key in X-API-Key");
        }
        if (!SUBJECT.matcher(subject).matches()) {
            throw new UnauthorizedException("the token's subject must be 1 to 128 printable characters");
        }
        Map<String, String> withoutToken = new LinkedHashMap<>(envelope.headers());
        withoutToken.remove("authorization");
        return new Principal(
                subject, keys.authenticate(withoutToken, Scope.ADMIN).scope());
    }
}
