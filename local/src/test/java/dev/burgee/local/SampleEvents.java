package dev.burgee.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The HTTP events of {@code events/}, by name. Those in folders are other functions'. */
final class SampleEvents {
    private static final Path DIRECTORY = Path.of("..", "events");

    private SampleEvents() {}

    static Map<String, String> read() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            Map<String, String> events = new TreeMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                events.put(name.substring(0, name.length() - ".json".length()), Files.readString(file));
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
