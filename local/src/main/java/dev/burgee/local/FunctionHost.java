package dev.burgee.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One function of one region, run as Lambda runs it: each execution environment serves one request at a time, another is
 * started when all are busy, and one that meets its time-out is thrown away. Thread-safe.
 */
final class FunctionHost implements AutoCloseable {
    /** The version that functions believe to be. */
    static final String VERSION = "1";

    private static final Duration INIT_LIMIT = Duration.ofSeconds(10);

    /**
     * What to run.
     *
     * @param environments starts one execution environment
     * @param environmentsMax requests beyond that many wait
     */
    record Plan(String name, Supplier<RequestStreamHandler> environments, int environmentsMax, Duration timeout) {
        Plan {
            if (environmentsMax < 1) {
                throw new IllegalArgumentException(
                        "environmentsMax is " + environmentsMax + ", but must be 1 at least");
            }
        }
    }

    private final Plan plan;
    private final Semaphore permits;
    private final ConcurrentLinkedDeque<RequestStreamHandler> idle = new ConcurrentLinkedDeque<>();
    private final Set<RequestStreamHandler> started = ConcurrentHashMap.newKeySet();
    // threads of the platform, as in Lambda: they are time-sliced, so that a busy handler delays no proxy
    private final ExecutorService threads;

    FunctionHost(Plan plan) {
        this.plan = plan;
        this.permits = new Semaphore(plan.environmentsMax(), true);
        this.threads = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name(plan.name() + "-", 0).factory());
    }

    String name() {
        return plan.name();
    }

    /** Calls the function with an event's JSON text, starting an execution environment if none is idle. */
    Invocation invoke(String event) throws InterruptedException {
        if (!permits.tryAcquire(plan.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
            return new Invocation.Throttled();
        }
        try {
            return call(event);
        } finally {
            permits.release();
        }
    }

    private Invocation call(String event) throws InterruptedException {
        try {
            RequestStreamHandler taken = idle.pollFirst();
            RequestStreamHandler environment = taken == null ? start() : taken;
            return call(environment, event);
        } catch (ExecutionException e) {
            return new Invocation.Failed(causeOf(e));
        } catch (TimeoutException e) {
            return new Invocation.TimedOut();
        }
    }

    private Invocation call(RequestStreamHandler environment, String event) throws InterruptedException {
        Future<String> answer = threads.submit(() -> {
            var out = new ByteArrayOutputStream();
            environment.handleRequest(
                    new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                    out,
                    new FunctionContext(plan.name(), plan.timeout()));
            return out.toString(StandardCharsets.UTF_8);
        });
        try {
            String json = answer.get(plan.timeout().toNanos(), TimeUnit.NANOSECONDS);
            idle.addFirst(environment);
            return new Invocation.Answered(json);
        } catch (ExecutionException e) {
            idle.addFirst(environment);
            return new Invocation.Failed(causeOf(e));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Invocation.TimedOut();
        }
    }

    /** A cold start has a limit of its own, and does not count as time of the first request. */
    private RequestStreamHandler start() throws InterruptedException, ExecutionException, TimeoutException {
        RequestStreamHandler environment =
                threads.submit(plan.environments()::get).get(INIT_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        started.add(environment);
        return environment;
    }

    private static Exception causeOf(ExecutionException e) {
        return e.getCause() instanceof Exception cause ? cause : e;
    }

    /** Ends all execution environments; those that can be closed are. */
    @Override
    public void close() {
        threads.shutdownNow();
        idle.clear();
        for (RequestStreamHandler environment : started) {
            if (environment instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    // its connections end with the process
                }
            }
        }
        started.clear();
    }
}
