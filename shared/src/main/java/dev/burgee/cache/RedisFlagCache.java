package dev.burgee.cache;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A cache in a Redis or Valkey server, cluster mode disabled. Everything that changes is one script, so that a crash, a
 * replica or a second writer never sees half of it. Does not close its pool. Thread-safe.
 */
public final class RedisFlagCache implements FlagCache {
    /** So many recent entries can be followed; a reader further behind reloads. About 30 KB for common keys. */
    static final int RECENT_MAX = DataKind.RECENT.countMax().orElseThrow();

    /** More changed flags than this are not named: reading all is cheaper. */
    static final int NAMED_MAX = 1_000;

    /** No single call takes longer, whatever it sends: a load of 10,000 flags across an ocean takes about 2 s. */
    static final Duration CALL_MAX = Duration.ofSeconds(5);

    /**
     * What reading all may take beyond one flag before the first byte comes: the server is busy for some 10 ms with 10,000
     * flags, and others' lists may be before this one.
     */
    static final Duration ALL_EXTRA = Duration.ofMillis(200);

    /** Asks for the head; never changed. */
    private static final CommandArguments HEAD = asking(List.of());

    private final Region region;
    private final CacheCalls calls;
    private final Duration readLimit;
    private final Duration writeLimit;
    private final Supplier<String> loadNames;
    private final CacheMonitor monitor;

    /**
     * A cache behind a pool of connections.
     *
     * @param pool with explicit limits on connecting and on waiting for a connection
     * @param readLimit waiting for the answer to a reading command
     * @param writeLimit waiting for the answer to a writing command
     * @param loadNames a name that no other load in the world has, for example a random UUID
     */
    public RedisFlagCache(
            Region region, ConnectionPool pool, Duration readLimit, Duration writeLimit, Supplier<String> loadNames) {
        this.region = region;
        this.calls = new CacheCalls(region, pool);
        this.readLimit = readLimit;
        this.writeLimit = writeLimit;
        this.loadNames = loadNames;
        this.monitor = new RedisCacheMonitor(region, calls, readLimit, writeLimit);
    }

    @Override
    public Region region() {
        return region;
    }

    @Override
    public CacheMonitor monitor() {
        return monitor;
    }

    @Override
    public CacheHead head() {
        return calls.run(readLimit, connection -> head(list(connection.executeCommand(HEAD))));
    }

    @Override
    public CacheStanding standing() {
        // nothing has this name, so nothing is replicated: a replica refuses it all the same
        CommandArguments write = new CommandArguments(Command.DEL).add(CacheFields.PROBE);
        return calls.run(readLimit, connection -> {
            connection.sendCommand(write);
            connection.sendCommand(HEAD);
            List<Object> answers = connection.getMany(2);
            if (answers.get(1) instanceof JedisDataException failure) {
                throw failure;
            }
            return new CacheStanding(isWritable(answers.get(0)), head(list(answers.get(1))));
        });
    }

    @Override
    public CacheReading read(FlagKey key) {
        CacheSnapshot snapshot = read(List.of(key));
        return new CacheReading(snapshot.head(), snapshot.flags().getOrDefault(key, CachedFlag.MISSING));
    }

    @Override
    public CacheSnapshot read(List<FlagKey> keys) {
        CommandArguments command = asking(keys);
        return calls.run(readLimit, connection -> {
            List<?> values = list(connection.executeCommand(command));
            CacheHead head = head(values);
            Map<FlagKey, CachedFlag> flags = new HashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                flags.put(
                        keys.get(i),
                        head.position() == null ? CachedFlag.MISSING : CacheFields.flag(values.get(3 + i)));
            }
            return new CacheSnapshot(head, flags);
        });
    }

    @Override
    public CacheSnapshot readAll() {
        CommandArguments command = new CommandArguments(Command.HGETALL).add(CacheFields.HASH);
        return calls.run(readLimit.plus(ALL_EXTRA), connection -> {
            List<?> pairs = list(connection.executeCommand(command));
            Map<String, Object> meta = new HashMap<>();
            Map<FlagKey, CachedFlag> flags = HashMap.newHashMap(pairs.size() / 2);
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                String field = CacheFields.text(present(pairs.get(i)));
                Object value = present(pairs.get(i + 1));
                if (CacheFields.isFlag(field)) {
                    flags.put(CacheFields.flagKey(field), CacheFields.flag(value));
                } else {
                    meta.put(field, value);
                }
            }
            CacheHead head = CacheFields.head(meta.get("#position"), meta.get("#checked"), meta.get("#home"));
            return new CacheSnapshot(head, head.position() == null ? Map.of() : flags);
        });
    }

    /** The usual case, that nothing changed, is read without the script: that would take the server five times as long. */
    @Override
    public CacheNews newsSince(Position position) {
        return calls.run(readLimit, connection -> {
            CacheHead head = head(list(connection.executeCommand(HEAD)));
            return position.equals(head.position())
                    ? new CacheNews(head, true, Set.of(), Map.of())
                    : newsSince(position, connection);
        });
    }

    /** Position, list and values as they are at one instant. */
    private static CacheNews newsSince(Position position, Connection connection) {
        List<byte[]> arguments = List.of(
                CacheFields.ascii(position.number()),
                CacheFields.ascii(RECENT_MAX),
                CacheFields.ascii(NAMED_MAX),
                CacheFields.ascii(VALUES_MAX));
        List<?> answer =
                list(CacheScript.NEWS.run(connection, List.of(CacheFields.HASH, CacheFields.RECENT), arguments));
        List<?> values = list(answer.get(5));
        Set<FlagKey> changed = new LinkedHashSet<>();
        Map<FlagKey, CachedFlag> known = new HashMap<>();
        for (Object name : list(answer.get(4))) {
            FlagKey key = CacheFields.key(CacheFields.text(name));
            int i = changed.size();
            if (i < values.size() && values.get(i) != null) {
                known.put(key, CacheFields.flag(values.get(i)));
            }
            changed.add(key);
        }
        return new CacheNews(head(answer), isOne(answer.get(3)), changed, known);
    }

    private static CacheHead head(List<?> values) {
        return CacheFields.head(values.get(0), values.get(1), values.get(2));
    }

    @Override
    public Applied apply(List<Entry> entries, @Nullable Instant before) {
        EntryBatch.checkRising(entries);
        Applied applied = new Applied.Empty();
        for (EntryBatch batch : EntryBatch.split(entries)) {
            applied = apply(batch, batch.last().equals(entries.getLast().position()) ? before : null);
            if (!(applied instanceof Applied.Reached)) {
                break;
            }
        }
        return applied;
    }

    private Applied apply(EntryBatch batch, @Nullable Instant before) {
        List<byte[]> arguments = new ArrayList<>(batch.arguments().size() + 3);
        arguments.add(CacheFields.ascii(RECENT_MAX));
        arguments.add(before == null ? new byte[0] : CacheFields.ascii(before.toEpochMilli()));
        arguments.add(CacheFields.ascii(batch.entries()));
        arguments.addAll(batch.arguments());
        return calls.run(writeLimit, batch.bytes(), CALL_MAX, connection -> {
            Object answer = CacheScript.APPLY.run(connection, List.of(CacheFields.HASH, CacheFields.RECENT), arguments);
            Position position = CacheFields.head(answer, null, null).position();
            if (position == null) {
                return new Applied.Empty();
            }
            return position.isAtLeast(batch.last()) ? new Applied.Reached(position) : new Applied.Gap(position);
        });
    }

    @Override
    public void confirm(Position end, Instant before) {
        calls.run(
                writeLimit,
                connection -> isOne(CacheScript.CONFIRM.run(
                        connection,
                        List.of(CacheFields.HASH),
                        List.of(CacheFields.ascii(end.number()), CacheFields.ascii(before.toEpochMilli())))));
    }

    @Override
    public boolean fill(FlagKey key, long markerEntry, FlagState state) {
        byte[] value = state instanceof FlagState.Absent ? new byte[0] : FieldFormat.encode(state);
        return calls.run(
                writeLimit,
                value.length,
                CALL_MAX,
                connection -> isOne(CacheScript.FILL.run(
                        connection,
                        List.of(CacheFields.HASH),
                        List.of(
                                CacheFields.flag(key),
                                FieldFormat.marker(markerEntry),
                                CacheFields.ascii(state.version()),
                                value))));
    }

    @Override
    public boolean load(LedgerState state, Instant before, @Nullable Region home) {
        return install(stage(state, before, home));
    }

    /** Writes a state under its temporary key. */
    CacheLoad stage(LedgerState state, Instant before, @Nullable Region home) {
        CacheLoad load = CacheLoad.of(state, before, home, CacheFields.loading(loadNames.get()));
        calls.run(writeLimit, load.bytes(), CALL_MAX, load::write);
        return load;
    }

    /** Puts what was written in place, if it is all there and newer. */
    boolean install(CacheLoad load) {
        return calls.run(
                writeLimit,
                connection -> isOne(CacheScript.INSTALL.run(
                        connection,
                        List.of(CacheFields.HASH, CacheFields.RECENT, CacheFields.ascii(load.key())),
                        List.of(CacheFields.ascii(load.position().number()), CacheFields.ascii(load.fields())))));
    }

    @Override
    public String toString() {
        return "cache in " + region;
    }

    /** The head and some flags, as {@link CacheFields#headAnd} orders them. */
    private static CommandArguments asking(List<FlagKey> keys) {
        CommandArguments command = new CommandArguments(Command.HMGET).add(CacheFields.HASH);
        CacheFields.headAnd(keys).forEach(command::add);
        return command;
    }

    private static boolean isWritable(@Nullable Object answer) {
        if (answer instanceof JedisDataException refusal) {
            if (String.valueOf(refusal.getMessage()).startsWith("READONLY")) {
                return false;
            }
            throw refusal;
        }
        return answer instanceof Long;
    }

    private static boolean isOne(@Nullable Object answer) {
        return answer instanceof Long number && number == 1;
    }

    private static List<?> list(@Nullable Object answer) {
        if (answer instanceof List<?> list) {
            return list;
        }
        throw new UnreadableFieldException("cache did not answer with a list");
    }

    private static Object present(@Nullable Object value) {
        if (value == null) {
            throw new UnreadableFieldException("cache answered with nothing where text was due");
        }
        return value;
    }
}
