package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Thousands of events that no gateway would send. {@code -Dburgee.seed=N} repeats a run, {@code -Dburgee.events=N} sets
 * how many each function gets.
 */
final class MutatedEventsIT {
    private static final int LIMIT_S = 5;
    private static final long SEED = Long.getLong("burgee.seed", System.nanoTime());
    private static final int EVENTS = Integer.getInteger("burgee.events", 5_000);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Test
    void noEventMakesAFunctionFailOrHangOrStoreWhatIsNotAFlag() throws Exception {
        System.out.println("MutatedEventsIT: -Dburgee.seed=" + SEED + " -Dburgee.events=" + EVENTS);
        try (ApiWorld world = ApiWorld.start()) {
            Map<String, Integer> statuses = new TreeMap<>();
            for (String sample : List.of("put-flag", "put-flag-base64", "import-flags")) {
                ApiWorld.invoke(
                        world.writeFunction(),
                        String.valueOf(SampleEvents.read().get(sample)).getBytes(StandardCharsets.UTF_8));
            }
            throwAt(world, "write", world.writeFunction(), statuses);
            throwAt(world, "read", world.readFunction(), statuses);
            long entries = new LedgerAudit(world).check();
            System.out.println("MutatedEventsIT: " + statuses + ", " + entries + " entries");

            // else the events were too bad to test anything behind the edge
            assertThat(statuses)
                    .containsKeys("read 200", "read 400", "write 200", "write 201", "write 400", "write 412");
            assertThat(entries).isGreaterThan(EVENTS / 50);
            assertThat(world.output())
                    .doesNotContain("\"event\":\"defect\"", "\"event\":\"misconfigured\"", ApiWorld.REDIS_PASSWORD);
        } finally {
            threads.shutdownNow();
        }
    }

    private void throwAt(ApiWorld world, String name, RequestStreamHandler function, Map<String, Integer> statuses)
            throws Exception {
        SplittableRandom random = new SplittableRandom(SEED ^ name.hashCode());
        EventMutator mutator = new EventMutator(random.nextLong());
        List<String> all = List.copyOf(SampleEvents.read().values());
        List<String> own = all.stream()
                .filter(sample -> sample.contains("/api/admin") == name.equals("write"))
                .toList();
        for (int i = 0; i < EVENTS; i++) {
            List<String> samples = random.nextInt(10) == 0 ? all : own;
            byte[] event = mutator.mutate(samples.get(random.nextInt(samples.size())));
            ApiAnswer answer = answer(world, function, event, "seed " + SEED + ", event " + i + " at " + name);
            statuses.merge(name + " " + answer.status(), 1, Integer::sum);
        }
    }

    private ApiAnswer answer(ApiWorld world, RequestStreamHandler function, byte[] event, String which)
            throws Exception {
        String answered = "";
        try {
            answered = threads.submit(() -> ApiWorld.invoke(function, event)).get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            fail(which + " was not answered within " + LIMIT_S + " s: " + shown(event), e);
        } catch (ExecutionException e) {
            fail(which + " made the function throw: " + shown(event), e);
        }
        ApiAnswer answer = ApiAnswer.of(answered);
        assertThat(world.undescribed(function, event, answer))
                .as("%s: %s", which, shown(event))
                .isEmpty();
        assertThat(answer.status()).as("%s: %s", which, shown(event)).isNotEqualTo(500);
        return answer;
    }

    private static String shown(byte[] event) {
        String text = new String(event, StandardCharsets.ISO_8859_1);
        return text.length() > 4_000 ? text.substring(0, 4_000) + "…" : text;
    }
}
