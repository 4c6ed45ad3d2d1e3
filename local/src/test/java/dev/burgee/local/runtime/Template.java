package dev.burgee.local.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A CloudFormation template with values for its parameters, as far as functions' properties need it: Ref, Sub, If with its
 * conditions, and values out of SSM. Immutable.
 */
public final class Template {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9:.]+)}");
    private static final Pattern SSM = Pattern.compile("\\{\\{resolve:ssm:([A-Za-z0-9/_-]+)}}");

    /**
     * A function as it is deployed.
     *
     * @param zip relative to the template
     * @param timeoutSeconds Lambda's limit on a call
     * @param memoryMb that it has
     * @param variables of its environment, resolved
     */
    public record Function(
            String name, String handler, Path zip, int timeoutSeconds, int memoryMb, Map<String, String> variables) {
        public Function {
            variables = Map.copyOf(variables);
        }
    }

    private final Map<?, ?> tree;
    private final Map<String, String> given;
    private final Map<String, String> ssm;

    private Template(Map<?, ?> tree, Map<String, String> given, Map<String, String> ssm) {
        this.tree = tree;
        this.given = Map.copyOf(given);
        this.ssm = Map.copyOf(ssm);
    }

    /**
     * Reads one.
     *
     * @param given values of parameters that are not to have their default; of pseudo parameters; and of references to
     *     resources, for example {@code RegionPulseFunction.Alias}
     * @param ssm values of the parameters in SSM
     */
    public static Template read(Path file, Map<String, String> given, Map<String, String> ssm) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        try {
            Object tree = new Load(settings, new ShortForms(settings)).loadFromString(Files.readString(file));
            return new Template(map(tree), given, ssm);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its SSM parameters, by name. */
    public Map<String, String> ssmParameters() {
        Map<String, String> values = new TreeMap<>();
        resources("AWS::SSM::Parameter")
                .forEach((id, properties) -> values.put(text(properties.get("Name")), text(properties.get("Value"))));
        return values;
    }

    /** Its functions, by logical name. */
    public Map<String, Function> functions() {
        Map<?, ?> all = map(map(tree.get("Globals")).get("Function"));
        Map<String, Function> functions = new TreeMap<>();
        resources("AWS::Serverless::Function").forEach((id, properties) -> {
            Map<String, String> variables = new TreeMap<>();
            variables(all).forEach((name, value) -> variables.put(String.valueOf(name), text(value)));
            variables(properties).forEach((name, value) -> variables.put(String.valueOf(name), text(value)));
            functions.put(
                    id,
                    new Function(
                            text(properties.get("FunctionName")),
                            text(properties.get("Handler")),
                            Path.of(text(properties.get("CodeUri"))),
                            Integer.parseInt(text(properties.get("Timeout"))),
                            Integer.parseInt(text(all.get("MemorySize"))),
                            variables));
        });
        return functions;
    }

    private static Map<?, ?> variables(Map<?, ?> properties) {
        return map(map(properties.get("Environment")).get("Variables"));
    }

    private Map<String, Map<?, ?>> resources(String type) {
        Map<String, Map<?, ?>> found = new LinkedHashMap<>();
        map(tree.get("Resources")).forEach((id, resource) -> {
            if (type.equals(map(resource).get("Type"))) {
                found.put(String.valueOf(id), map(map(resource).get("Properties")));
            }
        });
        return found;
    }

    /** A value as CloudFormation would make text of it. */
    private String text(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> function)) {
            if (value == null) {
                throw new IllegalArgumentException("the template has no value where one is needed");
            }
            return fromSsm(value.toString());
        }
        return switch (String.valueOf(function.keySet().iterator().next())) {
            case "Ref" -> reference(String.valueOf(function.get("Ref")));
            case "Fn::Sub" ->
                fromSsm(REFERENCE
                        .matcher(String.valueOf(function.get("Fn::Sub")))
                        .replaceAll(found -> Matcher.quoteReplacement(reference(found.group(1)))));
            case "Fn::If" -> {
                List<?> parts = list(function.get("Fn::If"));
                yield text(parts.get(condition(String.valueOf(parts.get(0))) ? 1 : 2));
            }
            default -> throw new IllegalArgumentException("a function that this test does not know: " + function);
        };
    }

    private String fromSsm(String text) {
        return SSM.matcher(text).replaceAll((MatchResult found) -> {
            String value = ssm.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException(
                        "the template reads " + found.group(1) + " from SSM, which is not there");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private String reference(String name) {
        String value = given.get(name);
        if (value != null) {
            return value;
        }
        Map<?, ?> parameter = map(map(tree.get("Parameters")).get(name));
        return Optional.ofNullable(parameter.get("Default"))
                .map(Object::toString)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the template refers to " + name + ", which has no default and was not given"));
    }

    private boolean condition(String name) {
        return isTrue(map(tree.get("Conditions")).get(name));
    }

    private boolean isTrue(@Nullable Object value) {
        Map<?, ?> function = map(value);
        return switch (String.valueOf(function.keySet().iterator().next())) {
            case "Condition" -> condition(String.valueOf(function.get("Condition")));
            case "Fn::Not" -> !isTrue(list(function.get("Fn::Not")).getFirst());
            case "Fn::And" -> list(function.get("Fn::And")).stream().allMatch(this::isTrue);
            case "Fn::Equals" -> {
                List<?> parts = list(function.get("Fn::Equals"));
                yield text(parts.get(0)).equals(text(parts.get(1)));
            }
            default -> throw new IllegalArgumentException("a condition that this test does not know: " + function);
        };
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    /** YAML with CloudFormation's short forms (!Ref, !Sub, ...) spelled out as the long ones. */
    private static final class ShortForms extends StandardConstructor {
        private ShortForms(LoadSettings settings) {
            super(settings);
        }

        @Override
        protected Optional<ConstructNode> findConstructorFor(Node node) {
            String tag = node.getTag().getValue();
            if (!tag.startsWith("!")) {
                return super.findConstructorFor(node);
            }
            String name = tag.substring(1);
            String whole = name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
            return Optional.of(found -> Map.of(whole, plain(found)));
        }

        private Object plain(Node node) {
            return switch (node) {
                case ScalarNode scalar -> scalar.getValue();
                case SequenceNode sequence ->
                    sequence.getValue().stream().map(this::constructObject).toList();
                case MappingNode mapping -> constructMapping(mapping);
                default -> throw new IllegalArgumentException("unknown YAML: " + node);
            };
        }
    }
}
