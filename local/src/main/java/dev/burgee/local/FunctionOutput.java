package dev.burgee.local;

import dev.burgee.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Stands in for CloudWatch Logs: keeps the lines that functions print, metrics (EMF) apart from logs. Thread-safe. */
final class FunctionOutput {
    private static final int LINE_BYTES_MAX = 1024 * 1024;

    private final OutputRing metrics = new OutputRing();
    private final OutputRing logs = new OutputRing();

    OutputRing metrics() {
        return metrics;
    }

    OutputRing logs() {
        return logs;
    }

    /** A stream for one execution environment, so that lines of two never mix. */
    PrintStream stream() {
        return new PrintStream(new Lines(), true, StandardCharsets.UTF_8);
    }

    private void line(String text) {
        long now = System.currentTimeMillis();
        if (text.startsWith("{") && text.contains("\"_aws\"")) {
            metrics.add(now, text);
        } else if (text.startsWith("{")) {
            logs.add(now, text);
        } else if (!text.isBlank()) {
            Map<String, Object> wrapped = new LinkedHashMap<>();
            wrapped.put("event", "output");
            wrapped.put("level", "INFO");
            wrapped.put("text", text);
            logs.add(now, Json.write(wrapped));
        }
    }

    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            if (b == '\n') {
                line(begun.toString(StandardCharsets.UTF_8).stripTrailing());
                begun.reset();
            } else if (begun.size() < LINE_BYTES_MAX) {
                begun.write(b);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                write(bytes[i]);
            }
        }
    }
}
