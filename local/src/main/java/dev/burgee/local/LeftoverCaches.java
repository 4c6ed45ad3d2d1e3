package dev.burgee.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Cache servers of a world that was killed hard (SIGKILL), so that its shutdown hooks did not run. */
final class LeftoverCaches {
    /** The beginning of the names of a world's cache servers. */
    static final String NAME = "world-";

    private LeftoverCaches() {}

    /** Kills the servers whose world is gone and deletes their directories; answers how many there were. */
    static int end(Path temporary) {
        int ended = 0;
        for (Path directory : directories(temporary)) {
            try {
                ProcessHandle server = ProcessHandle.of(Long.parseLong(
                                Files.readString(directory.resolve("pid")).strip()))
                        .orElse(null);
                if (server != null && isCacheServer(server) && isOrphan(server)) {
                    String program = server.info().command().orElse("");
                    server.destroyForcibly();
                    delete(directory);
                    // the embedding library unpacks the program for each server, and deletes it in an orderly end only
                    if (Path.of(program).startsWith(temporary)) {
                        Files.deleteIfExists(Path.of(program));
                    }
                    ended++;
                }
            } catch (IOException | NumberFormatException e) {
                // no pid yet: a world that is just starting
            }
        }
        return ended;
    }

    private static boolean isCacheServer(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.contains("redis-server") || command.contains("valkey"))
                .orElse(false);
    }

    /** A world is a Java process; when it dies, its children are handed to an init process of some kind. */
    private static boolean isOrphan(ProcessHandle process) {
        return process.parent()
                .flatMap(parent -> parent.info().command())
                .map(command -> !Path.of(command).endsWith("java"))
                .orElse(true);
    }

    private static List<Path> directories(Path temporary) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(temporary, "burgee-redis-" + NAME + "*")) {
            entries.forEach(found::add);
        } catch (IOException e) {
            // not readable: nothing of ours is there
        }
        return found;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
