package dev.burgee.local.bench;

import dev.burgee.json.Json;
import dev.burgee.local.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the sections one after the other and writes what they found to one JSON file: {@code scripts/bench}, in whose
 * directory above it is started. Ends with 0, or with 3 when a limit is missed.
 */
final class Bench {
    private static final List<Section> SECTIONS = List.of(new Warm(), new Cold(), new Propagate());

    private static final int MISSED = 3;

    private final Map<String, Object> machine = Machine.facts();
    private final List<String> data = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> figures = new ArrayList<>();
    private final List<Map<String, Object>> distributions = new ArrayList<>();
    private final List<Map<String, Object>> growth = new ArrayList<>();
    private final List<Map<String, Object>> profiles = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();
    private final boolean quick;

    private Bench(boolean quick) {
        this.quick = quick;
    }

    /** The file for the figures; {@code quick} or {@code full}; the names of sections, all when there are none. */
    public static void main(String[] arguments) throws IOException {
        // any will do for servers of this machine, and the SDK asks for some
        System.setProperty("aws.accessKeyId", "burgee");
        System.setProperty("aws.secretAccessKey", "burgee");
        Path json = Path.of(arguments[0]);
        Bench bench = new Bench(arguments[1].equals("quick"));
        List<String> wanted = List.of(arguments).subList(2, arguments.length);
        List<String> names = SECTIONS.stream().map(Section::name).toList();
        if (!names.containsAll(wanted)) {
            System.err.println("scripts/bench: sections are " + String.join(", ", names) + ", not " + wanted);
            System.exit(2);
        }
        for (Section section : SECTIONS) {
            if (wanted.isEmpty() || wanted.contains(section.name())) {
                System.out.println("== " + section.name());
                try {
                    section.run(bench.new Run(section.name()));
                } catch (IOException | RuntimeException e) {
                    e.printStackTrace();
                    System.exit(1); // threads of servers that started would keep it
                }
            }
        }
        Files.writeString(json, Json.write(bench.json()) + "\n");
        System.out.println("written to " + json);
        bench.missed.forEach(name -> System.out.println("MISSED: " + name));
        // threads of the clients do not keep it
        System.exit(bench.missed.isEmpty() ? 0 : MISSED);
    }

    /** Where one section puts what it finds. */
    final class Run {
        private final String section;

        private Run(String section) {
            this.section = section;
        }

        /** Whether to take a minute for all sections together, instead of what good figures need. */
        boolean quick() {
            return quick;
        }

        void say(String line) {
            System.out.println(line);
        }

        /** A fact of the machine beside those that are known anyway, for example {@code redis}, {@code 7.0.15}. */
        void machine(String name, String value) {
            machine.put(name, value);
        }

        /** A sentence on the data that was used. */
        void data(String sentence) {
            data.add(sentence);
        }

        void figure(Figure figure) {
            figures.add(figure.json(section));
            String name = figure.of().isEmpty() ? figure.name() : figure.name() + " of " + figure.of();
            if (figure.isMissed()) {
                missed.add(
                        String.format(Locale.ROOT, "%s is %.3f, its limit %.3f", name, figure.value(), figure.limit()));
            }
            say(String.format(
                    Locale.ROOT,
                    "%-44s %10.3f %-5s %s",
                    name,
                    figure.value(),
                    figure.unit(),
                    figure.limit() == null
                            ? ""
                            : (figure.isMissed() ? "MISSED, limit " : "met, limit ") + figure.limit()));
        }

        /**
         * The distribution of some times.
         *
         * @param quantiles one value for each of {@link Quantiles#AT}
         */
        void distribution(String name, String unit, double[] quantiles) {
            List<List<Double>> points = new ArrayList<>();
            for (int i = 0; i < quantiles.length; i++) {
                points.add(List.of(Quantiles.AT.get(i), Quantiles.rounded(quantiles[i])));
            }
            distributions.add(named(name, unit, "quantiles", points));
        }

        /** How something grows: by so many (flags, regions), the value. */
        void growth(String name, String unit, Map<Integer, Double> points) {
            List<List<Double>> pairs = new ArrayList<>();
            points.forEach((many, value) -> pairs.add(List.of((double) many, Quantiles.rounded(value))));
            growth.add(named(name, unit, "points", pairs));
        }

        /** Where something's time goes: rows of what and milliseconds. */
        void profile(String of, String name, Map<String, Double> rows) {
            List<List<Object>> pairs = new ArrayList<>();
            rows.forEach((what, ms) -> pairs.add(List.of(what, Quantiles.rounded(ms))));
            Map<String, Object> profile = named(name, "ms", "rows", pairs);
            profile.put("of", of);
            profiles.add(profile);
        }

        private Map<String, Object> named(String name, String unit, String rows, List<?> values) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("section", section);
            map.put("name", name);
            map.put("unit", unit);
            map.put(rows, values);
            return map;
        }
    }

    private Map<String, @Nullable Object> json() throws IOException {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("when", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.put("commit", commit());
        json.put("quick", quick);
        json.put("machine", machine);
        json.put("data", String.join(" ", data));
        json.put("figures", figures);
        json.put("distributions", distributions);
        json.put("growth", growth);
        json.put("profiles", profiles);
        return json;
    }

    /** Empty outside a clone. */
    private static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = git.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
