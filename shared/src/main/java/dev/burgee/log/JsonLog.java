package dev.burgee.log;

import dev.burgee.json.Json;
import dev.burgee.time.Time;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Logs as JSON lines. Thread-safe: a line is one write. */
public final class JsonLog implements Log {
    /** Of one value, in characters: a line stays far below CloudWatch's 256 KB. */
    static final int VALUE_MAX = 8192;

    private final PrintStream out;
    private final Time time;
    private final Map<String, String> always;

    /**
     * @param always fields of every line: {@code region} and {@code function}
     */
    public JsonLog(PrintStream out, Time time, Map<String, String> always) {
        this.out = out;
        this.time = time;
        this.always = new LinkedHashMap<>(always);
    }

    @Override
    public void write(Level level, String event, Map<String, ?> fields) {
        try {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("event", event);
            line.put("level", level.name().toLowerCase(Locale.ROOT));
            line.put("time", time.now().toString());
            always.forEach(line::put);
            fields.forEach((name, value) -> line.putIfAbsent(name, plain(value)));
            // bytes, because the stream's own charset is the locale's
            byte[] bytes = (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8);
            out.write(bytes, 0, bytes.length);
            out.flush();
        } catch (RuntimeException _) {
            // a request does not fail for its log
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Boolean _, Integer _, Long _ -> value;
            case Double number when Double.isFinite(number) -> value;
            default -> {
                String text = String.valueOf(value);
                yield text.length() > VALUE_MAX ? text.substring(0, VALUE_MAX) + "…" : text;
            }
        };
    }
}
