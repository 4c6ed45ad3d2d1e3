package dev.burgee.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Runs what is under {@code scripts/} as an operator does: from the repository's root. */
final class Script {
    static final Path ROOT = root();
    private static final int SECONDS_MAX = 90;

    private final Map<String, String> environment;

    /**
     * With variables that replace those of this process; no AWS setting of this process reaches the script.
     */
    Script(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** What became of a run. */
    record Run(int status, String out, String err) {
        String all() {
            return out + err;
        }
    }

    /** Runs a script to its end, without a terminal. */
    Run run(String name, String... arguments) {
        var command =
                new ArrayList<String>(List.of(ROOT.resolve("scripts/" + name).toString()));
        command.addAll(List.of(arguments));
        return run(command, "");
    }

    /** Runs a script at a terminal where somebody types an answer. */
    Run typing(String answer, String name, String... arguments) {
        // env: python3 may be a shim that puts other programs in front
        var command = new ArrayList<String>(List.of(
                "python3",
                "-c",
                "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
                "env",
                "PATH=" + environment.getOrDefault("PATH", System.getenv("PATH")),
                ROOT.resolve("scripts/" + name).toString()));
        command.addAll(List.of(arguments));
        return run(command, answer);
    }

    /** Starts a script that does not end by itself; whoever starts it ends it. */
    Process start(Path out, String name, String... arguments) throws IOException {
        var command =
                new ArrayList<String>(List.of(ROOT.resolve("scripts/" + name).toString()));
        command.addAll(List.of(arguments));
        return builder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    private Run run(List<String> command, String input) {
        try {
            Path out = Files.createTempFile("script", ".out");
            Path err = Files.createTempFile("script", ".err");
            try {
                Process process = builder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                try (var stdin = process.getOutputStream()) {
                    stdin.write(input.getBytes(UTF_8));
                    stdin.flush();
                    boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
                    end(process);
                    assertThat(ended)
                            .as(
                                    "%s ends within %s s: %s%s",
                                    command, SECONDS_MAX, Files.readString(out), Files.readString(err))
                            .isTrue();
                }
                return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a script runs", e);
        }
    }

    static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command).directory(ROOT.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("BURGEE_"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** The folder above the module that the build runs in. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("mvnw")) ? here : Objects.requireNonNull(here.getParent());
    }
}
