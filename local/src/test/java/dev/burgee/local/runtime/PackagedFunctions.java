package dev.burgee.local.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The functions of {@code template.yaml}, their zips unpacked, ready to be started. Immutable. */
public final class PackagedFunctions {
    /** Where template.yaml is: above the folder that tests run in; scripts/bench says it. */
    public static final Path ROOT =
            Path.of(System.getProperty("burgee.root", "..")).toAbsolutePath().normalize();

    private static final Path TEMPLATE = ROOT.resolve("template.yaml");
    private static final Path SETTINGS = ROOT.resolve("infra/settings.yaml");

    private final Map<String, FunctionProcess.Plan> plans;
    private final Map<String, Template.Function> functions;

    private PackagedFunctions(Map<String, FunctionProcess.Plan> plans, Map<String, Template.Function> functions) {
        this.plans = Map.copyOf(plans);
        this.functions = Map.copyOf(functions);
    }

    /**
     * Those of the template, with variables from its parameters.
     *
     * @param folder an empty one, for the zips that {@code mvnw package} left
     * @param given the template's parameters; {@code AWS::Region} among them (see {@link Template#read})
     * @param limits that are not to have the defaults of infra/settings.yaml, by SSM parameter
     * @param outside variables that no template sets: Lambda's own credentials, and where an emulator is
     */
    public static PackagedFunctions ofTemplate(
            Path folder, Map<String, String> given, Map<String, String> limits, Map<String, String> outside) {
        Map<String, String> ssm =
                new TreeMap<>(Template.read(SETTINGS, given, Map.of()).ssmParameters());
        limits.forEach((name, value) -> {
            if (ssm.replace(name, value) == null) {
                throw new IllegalArgumentException("infra/settings.yaml has no " + name);
            }
        });
        return of(
                folder,
                given.getOrDefault("AWS::Region", "us-east-1"),
                Template.read(TEMPLATE, given, ssm).functions().values(),
                outside);
    }

    /**
     * Those that somebody else told of.
     *
     * @param folder an empty one, for the zips
     * @param outside as for {@link #ofTemplate}
     */
    public static PackagedFunctions of(
            Path folder, String region, Collection<Template.Function> all, Map<String, String> outside) {
        Map<String, FunctionProcess.Plan> plans = new TreeMap<>();
        Map<String, Template.Function> functions = new TreeMap<>();
        for (Template.Function function : all) {
            Path taskRoot = unzip(ROOT.resolve(function.zip()), folder.resolve(function.name()));
            Map<String, String> variables = new TreeMap<>(function.variables());
            variables.put("AWS_REGION", region);
            variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
            variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
            variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMb()));
            variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
            variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "test");
            variables.putAll(outside);
            plans.put(
                    function.name(),
                    new FunctionProcess.Plan(
                            function.name(), function.handler(), taskRoot, variables, List.of(), false));
            functions.put(function.name(), function);
        }
        return new PackagedFunctions(plans, functions);
    }

    /** The names of all functions. */
    public List<String> names() {
        return plans.keySet().stream().sorted().toList();
    }

    /** How to start one. */
    public FunctionProcess.Plan plan(String name) {
        FunctionProcess.Plan plan = plans.get(name);
        if (plan == null) {
            throw new IllegalArgumentException("template.yaml has no " + name + ", only " + names());
        }
        return plan;
    }

    /** What the template says of one. */
    public Template.Function function(String name) {
        Template.Function function = functions.get(name);
        if (function == null) {
            throw new IllegalArgumentException("template.yaml has no " + name + ", only " + names());
        }
        return function;
    }

    private static Path unzip(Path zip, Path folder) {
        if (!Files.isRegularFile(zip)) {
            throw new IllegalStateException(zip + " is missing: ./mvnw package -DskipTests makes it");
        }
        try (InputStream bytes = Files.newInputStream(zip);
                var unpacked = new ZipInputStream(bytes)) {
            for (ZipEntry entry = unpacked.getNextEntry(); entry != null; entry = unpacked.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IllegalStateException(zip + " has " + entry.getName() + ", which is outside");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Path parent = file.getParent();
                    Files.createDirectories(parent == null ? folder : parent);
                    Files.copy(unpacked, file);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
