package dev.burgee.http;

import dev.burgee.auth.Principal;
import dev.burgee.failure.InvalidRequestException;
import dev.burgee.flag.FlagKey;
import dev.burgee.ledger.Position;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that has passed the edge. Immutable.
 *
 * @param path without the stage, percent-encoding as it came
 * @param pathParameters by the names in the route's template; {@code flagKey} keeps the rules of {@link FlagKey}
 * @param query decoded; repeated parameters are joined by commas, as payload 2.0 does
 * @param headers by lower-case name
 * @param body decoded; null when there is none or an empty one
 * @param requestId for logs and for the caller
 */
public record Request(
        String method,
        String path,
        Map<String, String> pathParameters,
        Map<String, String> query,
        Map<String, String> headers,
        @Nullable String body,
        Principal principal,
        String requestId) {
    static final String POSITION_HEADER = "Burgee-Position";
    static final String FLAG_KEY = "flagKey";

    public Request {
        pathParameters = Map.copyOf(pathParameters);
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    /** A header's value; the name in any case. */
    public Optional<String> header(String name) {
        String value = headers.get(name);
        return Optional.ofNullable(value == null ? headers.get(name.toLowerCase(Locale.ROOT)) : value);
    }

    /** A query parameter's value. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** The refusal of a query parameter, with its value and the rule that it breaks. */
    public InvalidRequestException badQuery(String name, String rule) {
        return new InvalidRequestException(name, Shown.of(query.getOrDefault(name, "")) + " " + rule);
    }

    /**
     * The flag that the path names.
     *
     * @throws IllegalStateException when the route's template has no {@code {flagKey}}
     */
    public FlagKey flagKey() {
        String key = pathParameters.get(FLAG_KEY);
        if (key == null) {
            throw new IllegalStateException("the route of " + method + " has no {flagKey}");
        }
        return new FlagKey(key);
    }

    /** The position that the answer must reflect: {@code Burgee-Position}, whose form the edge has checked. */
    public Optional<Position> position() {
        return header("burgee-position")
                .map(token -> new Position(Position.parse(token)
                        .orElseThrow(() -> new IllegalStateException(POSITION_HEADER + " was not checked"))));
    }
}
