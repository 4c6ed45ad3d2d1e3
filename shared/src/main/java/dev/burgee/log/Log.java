package dev.burgee.log;

import java.util.Map;

/** One JSON object per line, at boundaries only; never a secret, a key or a payload. Never throws. Thread-safe. */
public interface Log {
    /** How much an operator should care. */
    enum Level {
        INFO,
        WARN,
        ERROR
    }

    /**
     * Writes one line.
     *
     * @param event snake_case; what operators search for
     * @param fields strings, numbers and booleans, in the map's order
     */
    void write(Level level, String event, Map<String, ?> fields);

    default void info(String event, Map<String, ?> fields) {
        write(Level.INFO, event, fields);
    }

    default void warn(String event, Map<String, ?> fields) {
        write(Level.WARN, event, fields);
    }

    default void error(String event, Map<String, ?> fields) {
        write(Level.ERROR, event, fields);
    }
}
