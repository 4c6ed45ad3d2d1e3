package dev.burgee.local;

import dev.burgee.local.runtime.PackagedFunctions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The HTTP events of {@code events/}, by name. Those in folders are other functions'. */
final class SampleEvents {
    /** The status that each is to be answered with, in an order in which each does what its name says. */
    static final Map<String, Integer> STATUS = new LinkedHashMap<>();

    static {
        STATUS.put("put-flag", 201);
        STATUS.put("get-flag", 200);
        STATUS.put("get-flag-if-none-match", 304);
        STATUS.put("list-flags", 200);
        STATUS.put("patch-flag", 200);
        STATUS.put("get-history", 200);
        STATUS.put("revert-flag", 200);
        STATUS.put("invalidate-flag", 200);
        STATUS.put("delete-flag", 200);
        STATUS.put("import-flags", 200);
        STATUS.put("put-flag-base64", 201);
        STATUS.put("export-flags", 200);
        STATUS.put("get-health", 200);
        STATUS.put("get-live", 200);
        STATUS.put("get-ready", 200);
        STATUS.put("preflight", 204);
        STATUS.put("rest-shaped", 400);
    }

    private static final Path DIRECTORY = PackagedFunctions.ROOT.resolve("events");

    private SampleEvents() {}

    static Map<String, String> read() {
        return read(DIRECTORY);
    }

    /** Those of another function: {@code pulse} or {@code failover}. */
    static Map<String, String> read(String folder) {
        return read(DIRECTORY.resolve(folder));
    }

    private static Map<String, String> read(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
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
