package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lambda's queue of events that nobody waits for: one that fails is tried twice more, then it is a dead letter. Keeps a
 * line of each attempt. Thread-safe.
 */
final class AsyncInvocations implements AutoCloseable {
    /** Before the second and the third attempt. Lambda waits one minute and two. */
    private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(2));

    private final OutputRing attempts = new OutputRing();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** A line of JSON per attempt: time, region, function, body, attempt, outcome, reason. */
    OutputRing attempts() {
        return attempts;
    }

    /**
     * Takes an event and returns.
     *
     * @param body what the line is to show of it
     */
    void accept(Region region, FunctionHost function, String event, String body) {
        threads.execute(() -> {
            try {
                invoke(region, function, event, body);
            } catch (InterruptedException e) {
                // the world is ending
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void invoke(Region region, FunctionHost function, String event, String body) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            String reason = reason(function.invoke(event));
            boolean last = attempt > PAUSES.size();
            String outcome = reason.isEmpty() ? "delivered" : last ? "dead-letter" : "failed";
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", Instant.now().toString());
            line.put("region", region.code());
            line.put("function", function.name());
            line.put("body", body);
            line.put("attempt", attempt);
            line.put("outcome", outcome);
            line.put("reason", reason);
            attempts.add(System.currentTimeMillis(), Json.write(line));
            if (reason.isEmpty() || last) {
                return;
            }
            Thread.sleep(PAUSES.get(attempt - 1));
        }
    }

    /** Why it failed; empty: it did not. */
    private static String reason(Invocation invocation) {
        return switch (invocation) {
            case Invocation.Answered _ -> "";
            case Invocation.Failed(Exception cause) -> String.valueOf(cause);
            case Invocation.TimedOut _ -> "timed out";
            case Invocation.Throttled _ -> "throttled";
        };
    }
}
