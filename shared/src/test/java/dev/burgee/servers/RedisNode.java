package dev.burgee.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;
import redis.embedded.RedisExecProvider;
import redis.embedded.RedisServer;
import redis.embedded.RedisServerBuilder;
import redis.embedded.exceptions.EmbeddedRedisException;
import redis.embedded.util.OSDetector;

/**
 * One real Redis process on the loopback address, with the faults that a cache can have. It keeps its port over restarts
 * and forgets everything else: each start has a fresh, empty directory. A shutdown hook kills what still runs. The program is
 * the embedding library's Redis, or the one that the system property {@value #PROGRAM} names: a Valkey, say. Thread-safe.
 */
public final class RedisNode implements AutoCloseable {
    /** A second opinion: {@code -Dburgee.redis.server=/usr/bin/valkey-server}. */
    private static final String PROGRAM = "burgee.redis.server";

    private static final int LAUNCHES_MAX = 5;

    private static final String HOST = "127.0.0.1";
    private static final int CONTROL_TIMEOUT_MS = 5_000;
    private static final Duration DEATH_MAX = Duration.ofSeconds(5);

    private final String name;
    private final int port;
    private final @Nullable String username;
    private final @Nullable String password;
    private final Thread killer = new Thread(this::kill, "redis-node-killer");

    private final List<String> moreSettings = new ArrayList<>();
    private @Nullable RedisServer server;
    private volatile @Nullable ProcessHandle process;
    private volatile boolean stalled;
    private @Nullable Path directory;

    /**
     * A server that is not started yet.
     *
     * @param name for messages and the directory's name
     * @param port 0 picks a free one
     * @param username the only user that may do anything; null: the server's default user
     * @param password null: no authentication at all
     */
    public RedisNode(String name, int port, @Nullable String username, @Nullable String password) {
        if (username != null && password == null) {
            throw new IllegalArgumentException("redis " + name + " has a user name, so it needs a password");
        }
        this.name = name;
        this.port = port == 0 ? freePort() : port;
        this.username = username;
        this.password = password;
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Lets the server, from its next start on, answer over TLS too.
     *
     * @param certificate of the server, PEM
     * @param key to it, PEM, not encrypted
     * @return the port for it
     */
    public synchronized int withTls(Path certificate, Path key) {
        int tlsPort = freePort();
        moreSettings.addAll(List.of(
                "tls-port " + tlsPort, "tls-cert-file " + certificate, "tls-key-file " + key, "tls-auth-clients no"));
        return tlsPort;
    }

    /** Starts an empty server and returns once it accepts connections. */
    public synchronized void start() {
        if (isRunning()) {
            throw new IllegalStateException(this + " runs already");
        }
        stop();
        try {
            Path home = Files.createTempDirectory("burgee-redis-" + name + "-");
            directory = home;
            Path pidFile = home.resolve("pid");
            server = launched(settings(home, pidFile));
            // the server's own word: its process title, and so its command line, is not what we started it with
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            process = ProcessHandle.of(pid)
                    .orElseThrow(() -> new IllegalStateException(this + " died while it was starting"));
        } catch (IOException e) {
            throw new UncheckedIOException(this + " could not be started", e);
        }
    }

    /**
     * Unpacks the program and runs it, one at a time in this process: a program that is being written cannot be run ("text
     * file busy"), and a process that is forked meanwhile holds the file open for writing a little longer.
     */
    private static RedisServer launched(RedisServerBuilder settings) throws IOException {
        synchronized (RedisNode.class) {
            for (int left = LAUNCHES_MAX; ; left--) {
                RedisServer starting = settings.build();
                try {
                    starting.start();
                    return starting;
                } catch (EmbeddedRedisException e) {
                    boolean busy = e.getCause() != null
                            && String.valueOf(e.getCause().getMessage()).contains("Text file busy");
                    if (!busy || left == 1) {
                        throw e;
                    }
                }
            }
        }
    }

    private RedisServerBuilder settings(Path home, Path pidFile) {
        RedisServerBuilder settings = RedisServer.builder()
                .bind(HOST)
                .port(port)
                .setting("dir " + home)
                .setting("pidfile " + pidFile)
                .setting("daemonize no")
                // no logfile: the embedding library waits for the "ready" line on standard output
                .setting("save \"\"")
                .setting("appendonly no")
                .setting("maxmemory-policy noeviction")
                .setting("shutdown-timeout 0")
                .setting("repl-diskless-sync yes")
                .setting("repl-diskless-sync-delay 0")
                // a full resynchronisation that breaks off leaves the replica with the prefix that it had, and nothing
                // on disk
                .setting("repl-diskless-load swapdb")
                .setting("repl-timeout 10")
                .setting("repl-ping-replica-period 1")
                .setting("replica-serve-stale-data yes");
        String program = System.getProperty(PROGRAM);
        if (program != null) {
            settings.redisExecProvider(RedisExecProvider.defaultProvider().override(OSDetector.getOS(), program));
        }
        moreSettings.forEach(settings::setting);
        if (password != null && username != null) {
            settings.setting("user default off")
                    .setting("user " + username + " on >" + password + " ~* &* +@all")
                    .setting("masteruser " + username)
                    .setting("masterauth " + password);
        } else if (password != null) {
            settings.setting("requirepass " + password).setting("masterauth " + password);
        }
        return settings;
    }

    /** Kills the server as a lost machine would be: nothing is saved, sockets are reset. Harmless when it does not run. */
    public synchronized void stop() {
        kill();
        RedisServer stopping = server;
        if (stopping != null) {
            stopping.stop();
        }
        server = null;
        process = null;
        deleteDirectory();
    }

    /** Hangs the server (SIGSTOP): its sockets stay open, and nothing answers. */
    public synchronized void stall() {
        signal("STOP");
        stalled = true;
    }

    /** Lets a hung server go on (SIGCONT). */
    public synchronized void resume() {
        signal("CONT");
        stalled = false;
    }

    public boolean isRunning() {
        ProcessHandle running = process;
        return running != null && running.isAlive();
    }

    public boolean isStalled() {
        return stalled && isRunning();
    }

    public int port() {
        return port;
    }

    public URI uri() {
        return URI.create("redis://" + HOST + ":" + port);
    }

    /** Makes the server follow another; it forgets what it has once it has reached that one. */
    public void replicaOf(String host, int masterPort) {
        command(Command.REPLICAOF, host, Integer.toString(masterPort));
    }

    /** Makes the server writable; it keeps what it has. */
    public void replicaOfNoOne() {
        command(Command.REPLICAOF, "NO", "ONE");
    }

    /** How many connections have this name. */
    public long connections(String name) {
        return command(Command.CLIENT, "LIST")
                .lines()
                .filter(line -> line.contains(" name=" + name + " "))
                .count();
    }

    /** The user may log in with this one as well. Nothing changes for this object. */
    public void takePassword(String another) {
        command(Command.ACL, "SETUSER", String.valueOf(username), ">" + another);
    }

    /** The password that this object knows is no good any more, so that it can only be stopped; who is logged in stays. */
    public void refusePassword() {
        command(Command.ACL, "SETUSER", String.valueOf(username), "<" + password);
    }

    /** Empties the server; a replica refuses. */
    public void flushAll() {
        command(Command.FLUSHALL);
    }

    /** {@code INFO replication} by name: {@code role}, {@code master_link_status}, {@code master_repl_offset} … */
    public Map<String, String> roleInfo() {
        return parse(command(Command.INFO, "replication"));
    }

    /** The default sections of {@code INFO} by name. */
    public Map<String, String> info() {
        return parse(command(Command.INFO));
    }

    /** Kills the server and forgets its files. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException _) {
            // the machine is shutting down: the hook has run or will run, and finds nothing
        }
    }

    @Override
    public String toString() {
        return "redis " + name + " at port " + port;
    }

    private String command(Command command, String... arguments) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(CONTROL_TIMEOUT_MS)
                .socketTimeoutMillis(CONTROL_TIMEOUT_MS)
                .protocol(RedisProtocol.RESP2)
                .clientName("burgee-control");
        if (username != null) {
            config.user(username);
        }
        if (password != null) {
            config.password(password);
        }
        try (Connection connection = new Connection(new HostAndPort(HOST, port), config.build())) {
            connection.sendCommand(command, arguments);
            return new String(connection.getBinaryBulkReply(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> parse(String info) {
        Map<String, String> values = new LinkedHashMap<>();
        info.lines().filter(line -> !line.startsWith("#") && line.contains(":")).forEach(line -> {
            int colon = line.indexOf(':');
            values.put(line.substring(0, colon), line.substring(colon + 1));
        });
        return values;
    }

    private void kill() {
        ProcessHandle dying = process;
        if (dying == null || !dying.isAlive()) {
            return;
        }
        // SIGKILL ends a stopped process too; the embedding library's own SIGTERM would wait for it for ever
        dying.destroyForcibly();
        try {
            dying.onExit().get(DEATH_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(this + " did not die within " + DEATH_MAX, e);
        }
        stalled = false;
    }

    private void signal(String signal) {
        ProcessHandle target = process;
        if (target == null || !target.isAlive()) {
            throw new IllegalStateException(this + " does not run");
        }
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(target.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + signal + " of " + this + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no kill command to send SIG" + signal + " to " + this, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending SIG" + signal + " to " + this, e);
        }
    }

    private void deleteDirectory() {
        Path home = directory;
        if (home == null) {
            return;
        }
        directory = null;
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + home, e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
