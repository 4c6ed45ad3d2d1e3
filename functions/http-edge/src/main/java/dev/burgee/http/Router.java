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

    private record Compiled(Route route, List<String> segments) {}

    private final List<Compiled> routes;

    Router(List<Route> routes) {
        this.routes = routes.stream()
                .map(route -> new Compiled(route, segments(route.template())))
                .toList();
    }

    /** All routes of the path, one per method; none: the path is unknown. */
    List<Match> at(String path) {
        List<String> given = segments(path);
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
        return matches.stream()
                .filter(match -> match.route.method().equals(method))
                .findFirst();
    }

    private static @Nullable Map<String, String> match(List<String> template, List<String> given) {
        if (template.size() != given.size()) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            String expected = template.get(i);
            if (expected.startsWith("{")) {
                parameters.put(expected.substring(1, expected.length() - 1), given.get(i));
            } else if (!expected.equals(given.get(i))) {
                return null;
            }
        }
        return parameters;
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
