package dev.burgee.local.bench;

import dev.burgee.local.runtime.FunctionProcess;
import dev.burgee.local.runtime.RuntimeAnswer;
import java.time.Duration;

/**
 * One process of a function, from its start to its first answer.
 *
 * @param initMs from the start of the process until it asks for an event
 * @param firstMs from the event's arrival to its answer
 * @param cpuMs processor time of all its threads by then; Linux counts it in steps of 10 ms
 * @param rssMb its memory by then
 */
record ColdStart(double initMs, double firstMs, double cpuMs, double rssMb) {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double MB = 1e6;

    /**
     * From a snapshot's restore to the first answer.
     *
     * @param afterRestoreMs from the restore until it asks for an event: the hooks, and what the runtime client adds
     * @param firstMs from the event's arrival to its answer
     */
    record Restored(double afterRestoreMs, double firstMs) {}

    /**
     * Starts one, asks it, and ends it.
     *
     * @throws IllegalStateException when the answer is no success
     */
    static ColdStart of(FunctionProcess.Plan plan, String event) {
        try (FunctionProcess process = FunctionProcess.start(plan)) {
            double initMs = millis(process.awaitInit(LIMIT));
            double firstMs = firstMs(plan, process, event);
            return new ColdStart(initMs, firstMs, millis(process.cpu()), process.residentBytes() / MB);
        }
    }

    /** Starts one, stops it for a snapshot, lets it go on as if restored, asks it, and ends it. */
    static Restored restored(FunctionProcess.Plan plan, String event) {
        try (FunctionProcess process = FunctionProcess.start(plan.withSnapStart())) {
            process.awaitCheckpoint(LIMIT);
            long start = System.nanoTime();
            process.restore();
            process.awaitInit(LIMIT);
            double afterRestoreMs = (System.nanoTime() - start) / 1e6;
            return new Restored(afterRestoreMs, firstMs(plan, process, event));
        }
    }

    /** Until its first answer, from its start. */
    double wholeMs() {
        return initMs + firstMs;
    }

    private static double firstMs(FunctionProcess.Plan plan, FunctionProcess process, String event) {
        long start = System.nanoTime();
        RuntimeAnswer answer = process.invoke(event, LIMIT);
        double firstMs = (System.nanoTime() - start) / 1e6;
        check(plan, answer);
        return firstMs;
    }

    /** A refusal comes faster, and what another tier answers comes later: neither is what is measured. */
    private static void check(FunctionProcess.Plan plan, RuntimeAnswer answer) {
        boolean good = answer instanceof RuntimeAnswer.Answered(String json)
                && (!json.contains("\"statusCode\"") || json.contains("\"statusCode\":20"))
                && (!json.contains("Burgee-Source") || json.contains("\"replica\""));
        if (!good) {
            throw new IllegalStateException(plan.name() + " answered " + answer);
        }
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
