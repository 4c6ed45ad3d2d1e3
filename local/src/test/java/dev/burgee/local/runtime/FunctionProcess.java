package dev.burgee.local.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * One execution environment of a function: a JVM under AWS's runtime interface client, which loads the handler from the
 * folder that it starts in. Ends when closed, or with this JVM. Thread-safe.
 */
public final class FunctionProcess implements AutoCloseable {
    private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    /** The runtime's own jars; the function's come from its folder. */
    private static final List<String> RUNTIME_JARS = List.of(
            "aws-lambda-java-runtime-interface-client-",
            "aws-lambda-java-core-",
            "aws-lambda-java-serialization-",
            "utils-lite-");

    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final RuntimeApi api;
    private final Process process;
    private final long startedAt;
    private final Queue<String> out = new ConcurrentLinkedQueue<>();
    private final Queue<String> err = new ConcurrentLinkedQueue<>();
    private final List<Thread> readers;
    private final Thread end = new Thread(this::kill, "end-of-a-function");

    /**
     * What to start.
     *
     * @param name of the function
     * @param handler class and method, as in the template
     * @param taskRoot the unpacked zip
     * @param variables all that the JVM's environment has, but for what the runtime itself needs
     * @param jvmOptions further ones
     * @param isSnapStart whether the runtime stops for a snapshot after its init
     */
    public record Plan(
            String name,
            String handler,
            Path taskRoot,
            Map<String, String> variables,
            List<String> jvmOptions,
            boolean isSnapStart) {
        public Plan {
            variables = Map.copyOf(variables);
            jvmOptions = List.copyOf(jvmOptions);
        }

        /** The same one with another handler. */
        public Plan withHandler(String other) {
            return new Plan(name, other, taskRoot, variables, jvmOptions, isSnapStart);
        }

        /** The same one with other variables. */
        public Plan withVariables(Map<String, String> others) {
            return new Plan(name, handler, taskRoot, others, jvmOptions, isSnapStart);
        }

        /** The same one with further options of the JVM. */
        public Plan withJvmOptions(String... more) {
            List<String> all = new ArrayList<>(jvmOptions);
            all.addAll(List.of(more));
            return new Plan(name, handler, taskRoot, variables, all, isSnapStart);
        }

        /** The same one, stopping for a snapshot. */
        public Plan withSnapStart() {
            return new Plan(name, handler, taskRoot, variables, jvmOptions, true);
        }
    }

    private FunctionProcess(Plan plan) {
        api = RuntimeApi.start("arn:aws:lambda:" + plan.variables().getOrDefault("AWS_REGION", "us-east-1")
                + ":123456789012:function:" + plan.name() + ":live");
        var builder =
                new ProcessBuilder(command(plan)).directory(plan.taskRoot().toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(plan.variables());
        environment.put("AWS_LAMBDA_RUNTIME_API", api.address());
        environment.put("_HANDLER", plan.handler());
        environment.put("LAMBDA_TASK_ROOT", plan.taskRoot().toString());
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", plan.isSnapStart() ? "snap-start" : "on-demand");
        // the runtime's own lines go apart from the function's
        environment.put("_LAMBDA_TELEMETRY_LOG_FD", "2");
        environment.put("LANG", "en_US.UTF-8");
        environment.put("TZ", ":UTC");
        startedAt = System.nanoTime();
        try {
            process = builder.start();
        } catch (IOException e) {
            api.close();
            throw new UncheckedIOException(e);
        }
        readers = List.of(reader(process.getInputStream(), out), reader(process.getErrorStream(), err));
        Runtime.getRuntime().addShutdownHook(end);
        var _ = process.onExit().thenAccept(gone -> api.ended(plan.name() + " ended with " + gone.exitValue()));
    }

    /** Starts one; it is not ready yet. */
    public static FunctionProcess start(Plan plan) {
        return new FunctionProcess(plan);
    }

    /**
     * Waits until it takes events.
     *
     * @return how long that took from its start; under SnapStart with the time at the checkpoint
     * @throws InitFailedException with the error that it told of, or its exit code
     */
    public Duration awaitInit(Duration limit) {
        return Duration.ofNanos(get(api.ready(), limit, "its init") - startedAt);
    }

    /**
     * Waits until it is ready for its snapshot; only under SnapStart.
     *
     * @return how long that took from its start
     * @throws InitFailedException as {@link #awaitInit}
     */
    public Duration awaitCheckpoint(Duration limit) {
        return Duration.ofNanos(get(api.checkpoint(), limit, "its checkpoint") - startedAt);
    }

    /** Lets it go on from its checkpoint as if restored. */
    public void restore() {
        api.restore();
    }

    /**
     * Sends an event and waits for what comes of it.
     *
     * @param timeout the function's own, and how long to wait
     * @throws IllegalStateException when it ends instead, or the time is up
     */
    public RuntimeAnswer invoke(String event, Duration timeout) {
        return get(api.invoke(event, timeout), timeout, "an answer");
    }

    /** The lines that it wrote to standard output so far. */
    public List<String> output() {
        return List.copyOf(out);
    }

    /** The lines that it wrote to standard error so far. */
    public List<String> errors() {
        return List.copyOf(err);
    }

    /** The processor time that it has used so far. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow(() -> new IllegalStateException("it has ended"));
    }

    /** Its memory in the machine's at this moment; Linux tells. */
    public long residentBytes() {
        return Proc.residentBytes(process.pid());
    }

    @Override
    public void close() {
        kill();
        try {
            for (Thread reader : readers) {
                reader.join(END_MAX);
            }
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // this JVM is ending
        }
        api.close();
    }

    private void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As Lambda's own bootstrap has it, in so far as it matters here. */
    private static List<String> command(Plan plan) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
        command.add("--add-opens=java.base/java.io=ALL-UNNAMED");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(plan.jvmOptions());
        command.addAll(List.of("-classpath", runtimeJars(), MAIN, plan.handler()));
        return command;
    }

    private static String runtimeJars() {
        String separator = System.getProperty("path.separator");
        List<String> jars = Arrays.stream(System.getProperty("java.class.path").split(separator))
                .filter(jar -> RUNTIME_JARS.stream()
                        .anyMatch(name -> Path.of(jar).getFileName().toString().startsWith(name)))
                // the process starts in another folder
                .map(jar -> Path.of(jar).toAbsolutePath().toString())
                .toList();
        if (jars.size() != RUNTIME_JARS.size()) {
            throw new IllegalStateException("the class path has " + jars + " of " + RUNTIME_JARS);
        }
        return String.join(separator, jars);
    }

    private static Thread reader(InputStream stream, Queue<String> lines) {
        return Thread.ofPlatform().daemon().name("function-output").start(() -> {
            try (var text = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = text.readLine(); line != null; line = text.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                // the process was ended
            }
        });
    }

    private <T> T get(CompletableFuture<T> future, Duration limit, String what) {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InitFailedException problem) {
                throw problem;
            }
            throw new IllegalStateException(told(String.valueOf(e.getCause())), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(told("no " + what + " within " + limit), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String told(String problem) {
        return err.stream().collect(Collectors.joining("\n", problem + "\n", ""));
    }
}
