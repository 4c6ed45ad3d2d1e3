package dev.burgee.local.bench;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.burgee.local.FunctionContext;
import dev.burgee.read.ReadFlagHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import redis.clients.jedis.RedisClient;

/**
 * The process whose reads are timed. Operations that are compared take turns at random, call by call: in a fixed order one
 * pays for what the other leaves behind, which shifts p99 by up to 40 %.
 */
final class WarmProcess {
    private static final long SEED = 42;
    private static final int WINDOW_MS_MAX = 60_000;
    /** One answer in so many may come from another tier, as when a machine is too busy: its time counts all the same. */
    private static final int WRONG_SHARE = 200;

    private static final double NANOS_PER_MICRO = 1e3;

    /** What is timed, and whether what it gave is what it should be. */
    private interface Operation {
        Object run();

        /** Whether it is the answer that it should be; not timed. */
        boolean isRight(Object answer);
    }

    private final int scale;
    private int wrong;
    private final SplittableRandom random = new SplittableRandom(SEED);

    private WarmProcess(int scale) {
        this.scale = scale;
    }

    /** {@code quick} or {@code full}, and the {@link WarmAddress} of each world, the one with most flags last. */
    public static void main(String[] arguments) {
        System.setProperty("aws.accessKeyId", "burgee");
        System.setProperty("aws.secretAccessKey", "burgee");
        List<WarmAddress> worlds =
                Arrays.stream(arguments).skip(1).map(WarmAddress::parse).toList();
        WarmAddress most = worlds.getLast();
        boolean quick = arguments[0].equals("quick");
        var process = new WarmProcess(quick ? 1 : 5);

        // first, so that all others meet compiled code: none of them runs it as often
        process.measure(Map.of("memory", read(most, WINDOW_MS_MAX, "memory")), 100_000, 5, 10_000);
        Map<String, Operation> ratio = new LinkedHashMap<>();
        ratio.put("bare GET", bareGet(most));
        ratio.put("replica", read(most, 0, "replica"));
        process.measure(ratio, 20_000, 11, 3_000);
        Map<String, Operation> growth = new LinkedHashMap<>();
        worlds.forEach(world -> {
            growth.put("read " + world.flags(), read(world, 0, "replica"));
            growth.put("GET " + world.flags(), bareGet(world));
        });
        growth.put("list " + most.flags(), list(most));
        process.measure(growth, 6_000, 5, 500);
        if (!quick) {
            process.others(most);
        }
        System.exit(0);
    }

    /** What is reported beside. */
    private void others(WarmAddress most) {
        Map<String, Operation> stream = new LinkedHashMap<>();
        stream.put("GET beside the stream", bareGet(most));
        stream.put("stream", stream(most));
        measure(stream, 20_000, 5, 1_000);
        measure(Map.of("primary", read(most.withoutReplica(), 0, "primary")), 1_000, 5, 500);
        measure(Map.of("database", read(most.withoutCaches(), 0, "database")), 200, 3, 100);
    }

    /** Adds a line of this process's output to what was measured. */
    static void read(String line, Map<String, List<double[]>> times) {
        List<String> parts = List.of(line.split(";", -1));
        double[] micros = parts.stream()
                .skip(1)
                .mapToDouble(nanos -> Double.parseDouble(nanos) / NANOS_PER_MICRO)
                .toArray();
        times.computeIfAbsent(parts.getFirst(), _ -> new ArrayList<>()).add(micros);
    }

    /** Prints a line per round and operation. */
    private void measure(Map<String, Operation> operations, int warm, int rounds, int times) {
        List<Operation> each = List.copyOf(operations.values());
        List<String> names = List.copyOf(operations.keySet());
        round(each, warm);
        for (int round = 0; round < rounds; round++) {
            long[][] nanos = round(each, times * scale);
            if (wrong > names.size() * times * scale / WRONG_SHARE) {
                throw new IllegalStateException(
                        wrong + " answers among those to " + names + " are not what they should be");
            }
            for (int i = 0; i < names.size(); i++) {
                var line = new StringBuilder(names.get(i));
                for (double quantile : Quantiles.of(nanos[i], times * scale)) {
                    line.append(';').append(quantile);
                }
                System.out.println(line);
            }
        }
    }

    /** So many of each, in an order of chance. */
    private long[][] round(List<Operation> operations, int times) {
        long[][] nanos = new long[operations.size()][times];
        int[] done = new int[operations.size()];
        wrong = 0;
        int left = operations.size() * times;
        while (left > 0) {
            int i = random.nextInt(operations.size());
            if (done[i] == times) {
                continue;
            }
            Operation operation = operations.get(i);
            long start = System.nanoTime();
            Object answer = operation.run();
            nanos[i][done[i]++] = System.nanoTime() - start;
            left--;
            if (!operation.isRight(answer)) {
                wrong++;
            }
        }
        return nanos;
    }

    private static Operation bareGet(WarmAddress world) {
        RedisClient redis = WarmWorld.client(world.replica());
        String key = world.key();
        return new Operation() {
            @Override
            public Object run() {
                return String.valueOf(redis.get(key));
            }

            @Override
            public boolean isRight(Object answer) {
                return answer.toString().startsWith("{");
            }
        };
    }

    private static Operation read(WarmAddress world, int windowMs, String... sources) {
        return handled(world, windowMs, "/api/config/flags/" + world.key(), List.of(sources));
    }

    private static Operation list(WarmAddress world) {
        return handled(world, 0, "/api/config/flags", List.of("replica"));
    }

    private static Operation handled(WarmAddress world, int windowMs, String path, List<String> sources) {
        var handler = new ReadFlagHandler(world.environment(windowMs), WarmWorld.silent());
        APIGatewayV2HTTPEvent event = Events.parsed("GET", path, "");
        // the memory's first copy is the replica's
        handler.handle(event);
        return new Operation() {
            @Override
            public Object run() {
                return handler.handle(event);
            }

            @Override
            public boolean isRight(Object answer) {
                var response = (APIGatewayV2HTTPResponse) answer;
                return response.getStatusCode() == 200
                        && sources.contains(response.getHeaders().get("Burgee-Source"));
            }
        };
    }

    private static Operation stream(WarmAddress world) {
        var handler = new ReadFlagHandler(world.environment(0), WarmWorld.silent());
        var context = new FunctionContext("burgee-bench", Duration.ofSeconds(5));
        byte[] event = Events.bytes("GET", "/api/config/flags/" + world.key());
        return new Operation() {
            @Override
            public Object run() {
                var out = new ByteArrayOutputStream(2_048);
                try {
                    handler.handleRequest(new ByteArrayInputStream(event), out, context);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return out;
            }

            @Override
            public boolean isRight(Object answer) {
                return ((ByteArrayOutputStream) answer)
                        .toString(StandardCharsets.UTF_8)
                        .contains("\"statusCode\":200");
            }
        };
    }
}
