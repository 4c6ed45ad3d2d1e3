package dev.burgee.cache;

import dev.burgee.flag.FlagState;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A whole state on its way into a cache, under a key of its own until it is complete.
 *
 * @param key the temporary key
 * @param position of the state
 * @param chunks alternating fields and values, a few hundred kilobytes at most each (or one field)
 * @param fields how many there are in all: what the installing script counts
 * @param bytes of all fields and values
 */
record CacheLoad(String key, Position position, List<List<byte[]>> chunks, int fields, long bytes) {
    static final int CHUNK_FIELDS_MAX = 128;
    static final int CHUNK_BYTES_MAX = 256 * 1024;

    static CacheLoad of(LedgerState state, Instant before, @Nullable Region home, String key) {
        List<byte[]> all = new ArrayList<>();
        all.add(CacheFields.POSITION);
        all.add(CacheFields.ascii(state.position().number()));
        all.add(CacheFields.CHECKED);
        all.add(CacheFields.ascii(before.toEpochMilli()));
        Region known = state.home() == null ? home : state.home();
        if (known != null) {
            all.add(CacheFields.HOME);
            all.add(CacheFields.ascii(known.code()));
        }
        state.flags().forEach((flag, value) -> {
            if (!(value instanceof FlagState.Absent)) {
                all.add(CacheFields.flag(flag));
                all.add(DataKind.LOAD.fitting(FieldFormat.encode(value)));
            }
        });
        long bytes = all.stream().mapToLong(part -> part.length).sum();
        return new CacheLoad(key, state.position(), chunks(all), all.size() / 2, bytes);
    }

    private static List<List<byte[]>> chunks(List<byte[]> all) {
        List<List<byte[]>> chunks = new ArrayList<>();
        List<byte[]> chunk = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < all.size(); i += 2) {
            long own = (long) all.get(i).length + all.get(i + 1).length;
            if (!chunk.isEmpty() && (chunk.size() == 2 * CHUNK_FIELDS_MAX || bytes + own > CHUNK_BYTES_MAX)) {
                chunks.add(chunk);
                chunk = new ArrayList<>();
                bytes = 0;
            }
            chunk.add(all.get(i));
            chunk.add(all.get(i + 1));
            bytes += own;
        }
        chunks.add(chunk);
        return chunks;
    }

    /** Writes all chunks before it reads any answer; the key never exists without a time to live. */
    int write(Connection connection) {
        for (List<byte[]> chunk : chunks) {
            CommandArguments fields = new CommandArguments(Command.HSET).add(key);
            chunk.forEach(fields::add);
            connection.sendCommand(Command.MULTI);
            connection.sendCommand(fields);
            connection.sendCommand(new CommandArguments(Command.EXPIRE)
                    .add(key)
                    .add(DataKind.LOAD.lifetime().toSeconds()));
            connection.sendCommand(Command.EXEC);
        }
        for (Object answer : connection.getMany(4 * chunks.size())) {
            if (answer instanceof JedisException refusal) {
                throw refusal;
            }
        }
        return chunks.size();
    }
}
