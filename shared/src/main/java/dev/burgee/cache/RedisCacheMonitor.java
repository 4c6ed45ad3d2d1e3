package dev.burgee.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.burgee.flag.FlagKey;
import dev.burgee.health.CacheVitals;
import dev.burgee.region.Region;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** The monitor of a Redis or Valkey server. Thread-safe. */
final class RedisCacheMonitor implements CacheMonitor {
    private final Region region;
    private final CacheCalls calls;
    private final Duration readLimit;
    private final Duration writeLimit;

    RedisCacheMonitor(Region region, CacheCalls calls, Duration readLimit, Duration writeLimit) {
        this.region = region;
        this.calls = calls;
        this.readLimit = readLimit;
        this.writeLimit = writeLimit;
    }

    @Override
    public Beat beat(Region from, Instant at, Time time) {
        CommandArguments set =
                set(DataKind.HEARTBEAT, CacheFields.heartbeat(from), CacheFields.ascii(at.toEpochMilli()));
        return calls.run(writeLimit, connection -> {
            long sent = time.nanos();
            connection.executeCommand(set);
            return new Beat(sent, time.nanos());
        });
    }

    @Override
    public Map<Region, Instant> beats(Collection<Region> from) {
        Map<Region, Instant> beats = new LinkedHashMap<>();
        values(from, CacheFields::heartbeat)
                .forEach((region, value) -> beats.put(region, CacheFields.instant("a heartbeat", value)));
        return beats;
    }

    @Override
    public void post(Region from, String view) {
        byte[] bytes = view.getBytes(UTF_8);
        CommandArguments set = set(DataKind.VIEW, CacheFields.view(from), bytes);
        calls.run(writeLimit, bytes.length, writeLimit, connection -> connection.executeCommand(set));
    }

    @Override
    public Map<Region, String> posted(Collection<Region> from) {
        Map<Region, String> posted = new LinkedHashMap<>();
        values(from, CacheFields::view)
                .forEach((region, value) -> posted.put(region, new String(CacheFields.bytes(value), UTF_8)));
        return posted;
    }

    @Override
    public boolean claimLoad(Duration kept) {
        CommandArguments set = new CommandArguments(Command.SET)
                .add(CacheFields.LOADER)
                .add("1")
                .add("NX")
                .add("PX")
                .add(DataKind.LOADER.keptFor(kept).toMillis());
        return calls.run(writeLimit, connection -> connection.executeCommand(set) != null);
    }

    @Override
    public List<FlagKey> someFlags(int count) {
        CommandArguments some =
                new CommandArguments(Command.HRANDFIELD).add(CacheFields.HASH).add(count);
        List<?> fields = calls.run(
                readLimit, connection -> connection.executeCommand(some) instanceof List<?> list ? list : List.of());
        return fields.stream()
                .map(CacheFields::text)
                .filter(CacheFields::isFlag)
                .map(CacheFields::flagKey)
                .toList();
    }

    @Override
    public CacheVitals vitals() {
        CommandArguments info = new CommandArguments(Command.INFO);
        CommandArguments histogram = new CommandArguments(Command.LATENCY).add("HISTOGRAM");
        return calls.run(readLimit.plus(RedisFlagCache.ALL_EXTRA), connection -> {
            connection.sendCommand(info);
            connection.sendCommand(histogram);
            List<Object> answers = connection.getMany(2);
            if (answers.get(0) instanceof JedisDataException refusal) {
                throw refusal;
            }
            // Redis before 7, Valkey before 7.2 and users without the right have no histogram: then there is none
            return vitals(new String(CacheFields.bytes(answers.get(0)), UTF_8), answers.get(1));
        });
    }

    @Override
    public String toString() {
        return "monitor of the cache in " + region;
    }

    private static CommandArguments set(DataKind kind, byte[] key, byte[] value) {
        return new CommandArguments(Command.SET)
                .add(key)
                .add(kind.fitting(value))
                .add("PX")
                .add(kind.lifetime().toMillis());
    }

    private Map<Region, Object> values(Collection<Region> from, Function<Region, byte[]> key) {
        Map<Region, Object> values = new LinkedHashMap<>();
        if (from.isEmpty()) {
            return values;
        }
        CommandArguments get = new CommandArguments(Command.MGET);
        from.forEach(each -> get.add(key.apply(each)));
        List<?> answers = calls.run(
                readLimit, connection -> connection.executeCommand(get) instanceof List<?> list ? list : List.of());
        int i = 0;
        for (Region each : from) {
            @Nullable Object value = i < answers.size() ? answers.get(i) : null;
            if (value != null) {
                values.put(each, value);
            }
            i++;
        }
        return values;
    }

    static CacheVitals vitals(String info, @Nullable Object histogram) {
        Map<String, String> fields = new LinkedHashMap<>();
        info.lines()
                .filter(line -> line.indexOf(':') > 0)
                .forEach(line -> fields.put(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).strip()));
        long max = number(fields, "maxmemory");
        return new CacheVitals(
                fields.getOrDefault("run_id", "unknown"),
                number(fields, "used_memory"),
                max > 0 ? max : number(fields, "total_system_memory"),
                Math.toIntExact(number(fields, "connected_clients")),
                number(fields, "evicted_keys"),
                number(fields, "keyspace_hits"),
                number(fields, "keyspace_misses"),
                buckets(histogram));
    }

    /** Of {@code [name, [calls, n, histogram_usec, [bound, how many up to it, …]], …]}: counts by bound, all commands together. */
    private static SortedMap<Long, Long> buckets(@Nullable Object histogram) {
        SortedMap<Long, Long> buckets = new TreeMap<>();
        if (histogram instanceof List<?> commands) {
            for (Object command : commands) {
                if (command instanceof List<?> parts && parts.size() >= 4 && parts.get(3) instanceof List<?> pairs) {
                    long before = 0;
                    for (int i = 0; i + 1 < pairs.size(); i += 2) {
                        if (pairs.get(i) instanceof Long bound && pairs.get(i + 1) instanceof Long upTo) {
                            buckets.merge(bound, upTo - before, Long::sum);
                            before = upTo;
                        }
                    }
                }
            }
        }
        return buckets;
    }

    private static long number(Map<String, String> fields, String name) {
        try {
            return Long.parseLong(fields.getOrDefault(name, "0"));
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
