package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A program called {@code aws} that answers what a test recorded: for control planes that fail and pulses that contradict
 * each other, which the local world does not do on request.
 */
final class FakeAws {
    private final Path folder;

    FakeAws(Path folder) {
        this.folder = folder;
        try (InputStream program = Objects.requireNonNull(FakeAws.class.getResourceAsStream("/fake-aws"))) {
            Path aws = folder.resolve("aws");
            Files.copy(program, aws);
            assertThat(aws.toFile().setExecutable(true)).isTrue();
            Files.createDirectory(folder.resolve("answers"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Scripts that find this in place of the AWS CLI. */
    Script scripts() {
        return new Script(Map.of("PATH", folder + ":" + System.getenv("PATH")));
    }

    /** The answers to a call, one after the other; the last for ever. {@code error:} and a text: the CLI fails with it. */
    FakeAws answers(String call, String... answers) {
        try {
            forget(call);
            for (int i = 0; i < answers.length; i++) {
                String n = i == answers.length - 1 ? "" : "." + (i + 1);
                Files.writeString(folder.resolve("answers").resolve(call + n), answers[i]);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forget(String call) throws IOException {
        Path all = folder.resolve("answers");
        try (var earlier = Files.newDirectoryStream(all, call + "*")) {
            for (Path answer : earlier) {
                Files.delete(answer);
            }
        }
        Files.deleteIfExists(folder.resolve("count." + call));
    }

    /** All calls so far, without the limits. */
    List<String> calls() {
        try {
            Path calls = folder.resolve("calls");
            return Files.exists(calls)
                    ? Files.readAllLines(calls).stream()
                            .map(call -> call.replaceFirst("^.*--output json ", ""))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The calls that change something, promotion by the pulse aside. */
    List<String> changes() {
        return calls().stream()
                .filter(call -> call.startsWith("elasticache") && !call.contains("describe-"))
                .toList();
    }
}
