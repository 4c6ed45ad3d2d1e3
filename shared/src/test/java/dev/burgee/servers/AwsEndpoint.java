package dev.burgee.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The AWS APIs for tests, one for the whole JVM: what {@code AWS_ENDPOINT_URL} names; else LocalStack, where Docker
 * answers; else {@code moto_server}. Thread-safe.
 */
public final class AwsEndpoint {
    private static final String LOCALSTACK = "localstack/localstack:4.14.0";
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final String HELP =
            "The tests of AWS APIs need one of: AWS_ENDPOINT_URL; a Docker that answers (for "
                    + LOCALSTACK
                    + "); moto_server on the PATH, named by MOTO_SERVER, or in target/moto/bin (scripts/test puts "
                    + "it there; by hand: python3 -m venv target/moto && target/moto/bin/pip install 'moto[server]')";

    private static final class Holder {
        private static final URI ENDPOINT = start();
    }

    private AwsEndpoint() {}

    /**
     * Its address; the first call starts it.
     *
     * @throws IllegalStateException when there is none, saying what to install
     */
    public static URI get() {
        return Holder.ENDPOINT;
    }

    private static URI start() {
        Map<String, String> environment = System.getenv();
        String given = environment.getOrDefault("AWS_ENDPOINT_URL", "");
        if (!given.isBlank()) {
            return URI.create(given);
        }
        if (dockerAnswers(environment)) {
            // ended by Testcontainers' own helper when the JVM ends
            @SuppressWarnings("resource")
            var container = new LocalStackContainer(DockerImageName.parse(LOCALSTACK));
            container.start();
            return container.getEndpoint();
        }
        return moto(environment).map(AwsEndpoint::run).orElseThrow(() -> new IllegalStateException(HELP));
    }

    /** Asks only where there may be one: Testcontainers tries several strategies, for seconds. */
    private static boolean dockerAnswers(Map<String, String> environment) {
        boolean maybe = environment.containsKey("DOCKER_HOST") || Files.exists(Path.of("/var/run/docker.sock"));
        return maybe && DockerClientFactory.instance().isDockerAvailable();
    }

    private static Optional<Path> moto(Map<String, String> environment) {
        String named = System.getProperty("MOTO_SERVER", environment.getOrDefault("MOTO_SERVER", ""));
        if (!named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        Stream<Path> onPath = Stream.of(environment.getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, "moto_server"));
        Stream<Path> here = Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
                .map(folder -> folder.resolve("target/moto/bin/moto_server"));
        return Stream.concat(onPath, here).filter(Files::isExecutable).findFirst();
    }

    private static URI run(Path server) {
        int port = freePort();
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        try {
            Process process = new ProcessBuilder(List.of(server.toString(), "-H", host, "-p", Integer.toString(port)))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
            awaitPort(process, host, port);
        } catch (IOException e) {
            throw new IllegalStateException(server + " does not start. " + HELP, e);
        }
        return URI.create("http://" + host + ":" + port);
    }

    /** The server may be a wrapper's child. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void awaitPort(Process process, String host, int port) {
        long end = System.nanoTime() + START_MAX.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try (var _ = new Socket(host, port)) {
                return;
            } catch (IOException _) {
                pause();
            }
        }
        throw new IllegalStateException("moto_server "
                + (process.isAlive() ? "does not listen after " + START_MAX.toSeconds() + " s" : "ended at once") + ". "
                + HELP);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while moto_server starts", e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no free port", e);
        }
    }
}
