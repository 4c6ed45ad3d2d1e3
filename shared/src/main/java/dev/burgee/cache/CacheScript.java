package dev.burgee.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A script as the server runs it: whole or not at all, alone. Sent by its digest, and in full when the server does not know
 * it, as after a restart or a promotion (the script cache is not replicated). Immutable.
 */
final class CacheScript {
    static final CacheScript APPLY = new CacheScript("apply.lua");
    static final CacheScript CONFIRM = new CacheScript("confirm.lua");
    static final CacheScript FILL = new CacheScript("fill.lua");
    static final CacheScript INSTALL = new CacheScript("install.lua");
    static final CacheScript NEWS = new CacheScript("news.lua");

    private final byte[] text;
    private final byte[] digest;

    private CacheScript(String resource) {
        try (InputStream in = CacheScript.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the script " + resource + " is missing from the jar");
            }
            text = in.readAllBytes();
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(text);
            digest = HexFormat.of().formatHex(sha1).getBytes(US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Runs the script; the answer is a byte array, a number, a list of these, or null. */
    @Nullable
    Object run(Connection connection, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return connection.executeCommand(command(Command.EVALSHA, digest, keys, arguments));
        } catch (JedisNoScriptException _) {
            return connection.executeCommand(command(Command.EVAL, text, keys, arguments));
        }
    }

    private static CommandArguments command(Command command, byte[] script, List<byte[]> keys, List<byte[]> arguments) {
        CommandArguments all = new CommandArguments(command).add(script).add(keys.size());
        keys.forEach(all::add);
        arguments.forEach(all::add);
        return all;
    }
}
