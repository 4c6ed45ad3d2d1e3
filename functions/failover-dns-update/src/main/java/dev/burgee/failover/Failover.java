package dev.burgee.failover;

import dev.burgee.json.Json;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** What an invocation comes to: events are read and counted, and all of them together are one run. Thread-safe. */
final class Failover {
    private final PromotionEvents events;
    private final Function<Trigger, FailoverPlan> run;
    private final Metrics metrics;
    private final Log log;
    private final AtomicBoolean warm = new AtomicBoolean();

    /**
     * Puts it together.
     *
     * @param run one run, from its beginning
     */
    Failover(PromotionEvents events, Function<Trigger, FailoverPlan> run, Metrics metrics, Log log) {
        this.events = events;
        this.run = run;
        this.metrics = metrics;
        this.log = log;
    }

    /**
     * Handles one event and answers {@code {"outcome","promotions","ignored":{why:count}}}, for people who invoke it by
     * hand. The outcome is {@code ignored}, or one of docs/failover.md.
     *
     * @throws FailoverUnfinishedException when something is left to be done
     */
    void handle(InputStream in, OutputStream out) throws IOException {
        if (warm.compareAndSet(false, true)) {
            metrics.count(Metric.COLD_START);
        }
        try {
            Heard heard = events.read(in);
            count(heard);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put(
                    "outcome", heard.trigger().map(run).map(FailoverPlan::word).orElse("ignored"));
            answer.put("promotions", heard.promotions());
            answer.put("ignored", words(heard.ignored()));
            out.write(Json.write(answer).getBytes(StandardCharsets.UTF_8));
        } finally {
            metrics.endOfRequest();
        }
    }

    private void count(Heard heard) {
        heard.ignored().forEach((why, times) -> {
            metrics.add(Metric.PROMOTION_EVENT_IGNORED, why.word(), times);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("why", why.word());
            fields.put("times", times);
            log.warn("promotion_event_ignored", fields);
        });
        // now, because a run may take long, and may be killed
        metrics.endOfRequest();
    }

    private static Map<String, Integer> words(Map<Why, Integer> ignored) {
        Map<String, Integer> words = new LinkedHashMap<>();
        ignored.forEach((why, times) -> words.put(why.word(), times));
        return words;
    }
}
