package dev.burgee.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code docs/openapi.yaml}: what it describes, and whether an answer is as described. Immutable. */
final class ApiDocument {
    private static final Path FILE = Path.of("..", "docs", "openapi.yaml");

    /** A method on a path; {@code node} is where it is described. */
    record Operation(String method, String template, Map<?, ?> node) {
        /** For example {@code GET /api/health read}; the scope is open where no key is asked for. */
        String signature() {
            String scope = node.get("security") instanceof List<?> list && !list.isEmpty()
                    ? String.valueOf(
                            ((List<?>) map(list.getFirst()).values().iterator().next()).getFirst())
                    : "open";
            return method + " " + template + " " + scope;
        }

        String name(int status) {
            return method + " " + template + " " + status;
        }

        Map<?, ?> responses() {
            return map(node.get("responses"));
        }
    }

    private final Map<?, ?> root;
    private final SchemaCheck schemas;
    private final List<Operation> operations = new ArrayList<>();

    private ApiDocument(Map<?, ?> root) {
        this.root = root;
        this.schemas = new SchemaCheck(root);
        map(root.get("paths"))
                .forEach((path, item) -> map(item).forEach((method, node) -> {
                    if (!method.equals("parameters")) {
                        operations.add(new Operation(
                                String.valueOf(method).toUpperCase(Locale.ROOT), String.valueOf(path), map(node)));
                    }
                }));
    }

    static ApiDocument read() {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(FILE.toString()).build();
            return new ApiDocument(map(new Load(settings).loadFromString(Files.readString(FILE))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    Optional<Operation> operation(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.method().equals(method))
                .filter(operation -> path.matches(operation.template().replaceAll("\\{[^}]*}", "[^/]*")))
                .findFirst();
    }

    /** What a reference such as {@code #/components/schemas/Flag} points to. */
    @Nullable
    Object at(String reference) {
        return schemas.pointed(reference);
    }

    /** The node itself, or the one that it refers to. */
    Map<?, ?> resolved(@Nullable Object node) {
        Map<?, ?> members = map(node);
        return members.get("$ref") instanceof String reference ? map(at(reference)) : members;
    }

    /** How a value breaks a schema of this document. */
    List<String> invalid(String at, @Nullable Object schema, @Nullable Object value) {
        return schemas.problems(at, schema, value);
    }

    /** What an answer has that is not described, or not as described; empty: nothing. */
    List<String> problems(String method, String path, ApiAnswer answer) {
        Optional<Operation> operation = operation(method, path);
        String name = operation.map(found -> found.name(answer.status())).orElse("outside of the routes");
        Object response = operation.isPresent()
                ? operation.get().responses().get(Integer.toString(answer.status()))
                : map(map(root.get("components")).get("responses")).get(outside(answer.status()));
        return response == null
                ? List.of(name + ": status " + answer.status() + " is not described")
                : problems(name, resolved(response), answer);
    }

    private static String outside(int status) {
        return switch (status) {
            case 204 -> "Preflight";
            case 400 -> "InvalidRequest";
            case 404 -> "NotFound";
            case 405 -> "MethodNotAllowed";
            default -> "none";
        };
    }

    private List<String> problems(String at, Map<?, ?> response, ApiAnswer answer) {
        List<String> problems = new ArrayList<>();
        Map<?, ?> described = map(response.get("headers"));
        Map<?, ?> always = map(root.get("x-every-response-headers"));
        answer.headers().forEach((name, value) -> {
            Map<?, ?> header = resolved(described.containsKey(name) ? described.get(name) : always.get(name));
            if (header.containsKey("schema")) {
                problems.addAll(invalid(at + ": header " + name, header.get("schema"), value));
            } else if (!name.equals("Content-Type")) {
                problems.add(at + ": header " + name + " is not described");
            }
        });
        Map<?, ?> content = map(response.get("content"));
        if (answer.body() == null) {
            if (!content.isEmpty()) {
                problems.add(at + ": no body, but one is described");
            }
            return problems;
        }
        Map<?, ?> media = map(content.get(answer.header("Content-Type")));
        if (media.isEmpty()) {
            problems.add(at + ": content type \"" + answer.header("Content-Type") + "\" is not described");
            return problems;
        }
        problems.addAll(invalid(at + ": body", media.get("schema"), ApiAnswer.parse(answer.body())));
        return problems;
    }

    /** Calls back with every object of the document and its place. */
    void walk(BiConsumer<String, Map<?, ?>> visitor) {
        walk("#", root, visitor);
    }

    private static void walk(String at, @Nullable Object node, BiConsumer<String, Map<?, ?>> visitor) {
        if (node instanceof Map<?, ?> members) {
            visitor.accept(at, members);
            members.forEach((name, member) -> walk(at + "/" + name, member, visitor));
        } else if (node instanceof List<?> items) {
            items.forEach(item -> walk(at + "/-", item, visitor));
        }
    }

    static Map<?, ?> map(@Nullable Object node) {
        return node instanceof Map<?, ?> members ? members : Map.of();
    }
}
