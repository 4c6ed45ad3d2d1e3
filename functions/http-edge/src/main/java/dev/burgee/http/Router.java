package dev.burgee.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the routes of a path. Immutable. */
final class Router {
    /** A route whose template fits, with the segments that stand for its names. */
    record Match(Route route, Map<String, String> parameters) {}

    private static final class Compiled {
        private final Route route;
        private final String[] segments;

        private Compiled(Route route) {
            this.route = route;
            this.segments = segments(route.template());
        }
    }

    private final List<Compiled> routes;

    Router(List<Route> routes) {
        this.routes = routes.stream().map(Compiled::new).toList();
    }

    /** All routes of the path, one per method; none: the path is unknown. */
    List<Match> at(String path) {
        String[] given = segments(path);
        List<Match> matches = new ArrayList<>(2);
        for (Compiled compiled : routes) {
            Map<String, String> parameters = match(compiled.segments, given);
            if (parameters != null) {
                matches.add(new Match(compiled.route, parameters));
            }
        }
        return matches;
    }

    static Optional<Match> withMethod(List<Match> matches, String method) {
        for (Match match : matches) {
            if (match.route.method().equals(method)) {
                return Optional.of(match);
            }
        }
        return Optional.empty();
    }

    private static @Nullable Map<String, String> match(String[] template, String[] given) {
        if (template.length != given.length) {
            return null;
        }
        Map<String, String> parameters = Map.of();
        for (int i = 0; i < given.length; i++) {
            String expected = template[i];
            if (expected.startsWith("{")) {
                parameters = parameters.isEmpty() ? new HashMap<>() : parameters;
                parameters.put(expected.substring(1, expected.length() - 1), given[i]);
            } else if (!expected.equals(given[i])) {
                return null;
            }
        }
        return parameters;
    }

    private static String[] segments(String path) {
        return path.split("/", -1);
    }
}
