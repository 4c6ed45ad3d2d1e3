package dev.burgee.local;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine that all of it runs on, for the pages that report times. */
public final class Machine {
    private static final Path CPUS = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** Processors, system and Java version, in one line. */
    public static String describe() {
        return Runtime.getRuntime().availableProcessors() + " processors (" + processor() + "), "
                + System.getProperty("os.name") + ", Java " + Runtime.version();
    }

    /** The same in parts, with memory: {@code cpu}, {@code cores}, {@code memory_gib}, {@code os}, {@code java}. */
    public static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", processor());
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("memory_gib", memoryGib());
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", Runtime.version().toString());
        return facts;
    }

    private static long memoryGib() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.round(system.getTotalMemorySize() / (double) (1 << 30))
                : 0;
    }

    private static String processor() {
        String architecture = System.getProperty("os.arch", "unknown");
        if (!Files.exists(CPUS)) {
            return architecture;
        }
        try {
            return Files.readAllLines(CPUS).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(architecture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
