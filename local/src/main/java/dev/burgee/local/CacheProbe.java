package dev.burgee.local;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisException;

/** Looks into one cache server from beside it, over no network that could be cut, on one connection. Thread-safe. */
final class CacheProbe implements AutoCloseable {
    private static final int LIMIT_MS = 300;
    private static final String HASH = "burgee:flags";
    private static final String POSITION = "#position";

    private final int port;
    private final String username;
    private final String password;
    private @Nullable Connection connection;

    CacheProbe(int port, String username, String password) {
        this.port = port;
        this.username = username;
        this.password = password;
    }

    /** {@code INFO replication} by name; empty when the server does not answer. */
    synchronized Optional<Map<String, String>> replication() {
        return info("replication");
    }

    /** A section of {@code INFO} by name; empty when the server does not answer. */
    synchronized Optional<Map<String, String>> info(String section) {
        return ask(Command.INFO, section).map(CacheProbe::parse);
    }

    /** The position that the cache shows; empty when it shows none or does not answer. */
    synchronized OptionalLong position() {
        Optional<String> position = ask(Command.HGET, HASH, POSITION);
        try {
            return position.map(text -> OptionalLong.of(Long.parseLong(text))).orElse(OptionalLong.empty());
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Drops the connection: the server behind it is another now. */
    @Override
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (JedisException e) {
                // closed is closed
            }
        }
    }

    private Optional<String> ask(Command command, String... arguments) {
        try {
            Connection open = connection == null ? open() : connection;
            connection = open;
            open.sendCommand(command, arguments);
            byte[] reply = open.getBinaryBulkReply();
            return reply == null ? Optional.empty() : Optional.of(new String(reply, StandardCharsets.UTF_8));
        } catch (JedisException e) {
            close();
            return Optional.empty();
        }
    }

    private Connection open() {
        return new Connection(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis(LIMIT_MS)
                        .socketTimeoutMillis(LIMIT_MS)
                        .protocol(RedisProtocol.RESP2)
                        .user(username)
                        .password(password)
                        .clientName("burgee-probe")
                        .build());
    }

    private static Map<String, String> parse(String info) {
        Map<String, String> values = new LinkedHashMap<>();
        info.lines().filter(line -> line.contains(":")).forEach(line -> {
            int colon = line.indexOf(':');
            values.put(line.substring(0, colon), line.substring(colon + 1));
        });
        return values;
    }
}
