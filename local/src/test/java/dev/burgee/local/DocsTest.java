package dev.burgee.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.cache.DataKind;
import dev.burgee.health.HealthRule;
import dev.burgee.metrics.Metric;
import dev.burgee.settings.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the pages for people in step with the code. */
class DocsTest {
    private static final Path ROOT = root();
    private static final Path SETTINGS = ROOT.resolve("docs/settings.md");
    private static final Pattern VARIABLE = Pattern.compile("\\bBURGEE(?:_[A-Z]+)+\\b");
    private static final Pattern METRIC_ROW = Pattern.compile(
            "(?m)^\\| `([A-Za-z]+)` \\| (Count|Milliseconds|Percent|Count/Second) \\| (none|`[A-Za-z]+`) \\|");
    private static final Pattern HEALTH_ROW =
            Pattern.compile("(?m)^\\| `[a-z-]+` \\| (?:healthy|degraded|critical) \\| .* \\|$");
    private static final Pattern KIND_ROW = Pattern.compile("(?m)^\\| [a-z]+ \\| `burgee:.* \\|$");
    private static final Pattern FIGURE_ROW = Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| ");
    private static final Pattern EVENT_ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (?:info|warn|error)");
    private static final Pattern LOG_CALL =
            Pattern.compile("\\blog(?:\\(\\))?\\s*\\.(?:info|warn|error)\\(([^,]+),", Pattern.DOTALL);
    private static final Pattern EVENT = Pattern.compile("\"([a-z]+(?:_[a-z]+)*)\"");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)\\s]*)?\\)");
    private static final Pattern ANCHOR = Pattern.compile("\\]\\(([^)#\\s:]*)#([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern SCRIPT = Pattern.compile("\\bscripts/([a-z]+(?:-[a-z]+)*)((?: [^`|\n]*)?)");
    private static final Pattern OPTION = Pattern.compile("(?<= )--[a-z-]+");
    private static final Pattern SAID_METRIC = Pattern.compile("\\bmetric `([A-Za-z]+)`");
    private static final Pattern SAID_EVENT = Pattern.compile("\\blog(?:ged as)? `([a-z_]+)`");
    private static final Pattern NAMED_TEST =
            Pattern.compile("\\b([A-Z][A-Za-z]+(?:Test|IT|Contract))\\.([a-z][A-Za-z0-9]+)\\b");

    @Test
    void settingsNameEveryVariableAndNoOther() {
        assertThat(found(VARIABLE, SETTINGS).map(MatchResult::group))
                .as("variables in %s", SETTINGS)
                .isSubsetOf(Environment.KNOWN)
                .containsAll(Environment.KNOWN);
    }

    @Test
    void settingsNameEveryMetricWithItsUnitAndDimension() {
        assertThat(found(METRIC_ROW, SETTINGS).map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3)))
                .as("rows of metrics in %s", SETTINGS)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Metric.values()).map(DocsTest::row).toList());
    }

    @Test
    void theTableOfHealthIsThatOfTheCode() {
        assertThat(found(HEALTH_ROW, ROOT.resolve("docs/operations.md")).map(MatchResult::group))
                .containsExactlyElementsOf(Arrays.stream(HealthRule.values())
                        .map(rule -> "| `%s` | %s | %s |"
                                .formatted(rule.text(), rule.status().text(), rule.when()))
                        .toList());
    }

    @Test
    void theTableOfWhatACacheHoldsIsThatOfTheCode() {
        assertThat(found(KIND_ROW, ROOT.resolve("docs/architecture.md")).map(MatchResult::group))
                .containsExactlyElementsOf(
                        Arrays.stream(DataKind.values()).map(DocsTest::row).toList());
    }

    @Test
    void settingsNameEveryLogEventAndNoOther() {
        List<String> written = sources("shared/src/main", "functions")
                .filter(file -> file.toString().contains("/src/main/"))
                .flatMap(file -> found(LOG_CALL, file))
                .flatMap(call -> EVENT.matcher(call.group(1)).results())
                .map(event -> event.group(1))
                .distinct()
                .toList();
        assertThat(found(EVENT_ROW, SETTINGS).map(row -> row.group(1)))
                .as("rows of log events in %s", SETTINGS)
                .containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void relativeLinksPointToFilesThatExist() {
        assertThat(pages().flatMap(DocsTest::brokenLinks)).isEmpty();
    }

    @Test
    void linksIntoPagesPointToHeadingsThatExist() {
        assertThat(pages().flatMap(DocsTest::brokenAnchors)).isEmpty();
    }

    @Test
    void scriptsThatTheRunbookNamesExistAndTakeItsOptions() {
        assertThat(runbook().flatMap(page -> found(SCRIPT, page)).map(MatchResult::group))
                .isNotEmpty()
                .allSatisfy(DocsTest::assertRuns);
    }

    @Test
    void theRunbookNamesOnlyMetricsAndLogEventsThatThereAre() {
        assertThat(runbook().flatMap(page -> found(SAID_METRIC, page)).map(said -> said.group(1)))
                .isNotEmpty()
                .isSubsetOf(
                        Arrays.stream(Metric.values()).map(Metric::metricName).toList());
        assertThat(runbook().flatMap(page -> found(SAID_EVENT, page)).map(said -> said.group(1)))
                .isNotEmpty()
                .isSubsetOf(found(EVENT_ROW, SETTINGS).map(row -> row.group(1)).toList());
    }

    @Test
    void thePageOnPerformanceNamesEveryFigureThatIsAskedFor() {
        assertThat(found(FIGURE_ROW, ROOT.resolve("docs/performance.md")).map(row -> row.group(1)))
                .contains(
                        "read_warm_ratio_p50",
                        "read_warm_ratio_p99",
                        "read_memory_us_p50",
                        "list_10k_unchanged_ratio",
                        "growth_read_10k_over_10",
                        "cold_init_ms",
                        "cold_first_ms",
                        "cold_cpu_ms",
                        "cold_rss_mb",
                        "cold_ratio",
                        "restore_first_ms",
                        "propagation_ms_p99_over_oneway",
                        "artifact_mb");
    }

    @Test
    void testsThatPagesNameExist() {
        List<String> existing = sources("shared", "functions", "local")
                .filter(file -> file.toString().contains("/src/test/"))
                .flatMap(DocsTest::methods)
                .toList();
        assertThat(pages().flatMap(page -> found(NAMED_TEST, page)).map(MatchResult::group))
                .isNotEmpty()
                .isSubsetOf(existing);
    }

    private static void assertRuns(String command) {
        var parts = SCRIPT.matcher(command);
        assertThat(parts.find()).isTrue();
        Path script = ROOT.resolve("scripts").resolve(parts.group(1));
        assertThat(script).isExecutable();
        String text = read(script);
        // the others' usage is in Java
        if (text.contains("usage: scripts/")) {
            assertThat(OPTION.matcher(parts.group(2)).results().map(MatchResult::group))
                    .as("options in %s", command)
                    .allSatisfy(option -> assertThat(text).contains(option));
        }
    }

    private static Stream<Path> runbook() {
        return Stream.of("docs/operations.md", "docs/incident-report.md", "docs/failover.md")
                .map(ROOT::resolve)
                .filter(Files::exists);
    }

    private static Stream<String> brokenAnchors(Path page) {
        Path folder = Objects.requireNonNull(page.getParent());
        return found(ANCHOR, page)
                .filter(link -> {
                    Path target = link.group(1).isEmpty() ? page : folder.resolve(link.group(1));
                    return !Files.exists(target)
                            || found(HEADING, target)
                                    .noneMatch(heading -> link.group(2).equals(slug(heading.group(1))));
                })
                .map(link -> ROOT.relativize(page) + " links to " + link.group());
    }

    /** How GitHub names a heading's anchor. */
    private static String slug(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    private static String row(Metric metric) {
        return metric.metricName() + " " + metric.unit().text() + " "
                + (metric.dimension() == null ? "none" : "`" + metric.dimension() + "`");
    }

    private static String row(DataKind kind) {
        return "| %s | `%s` | %s | %s | %d | %s | %s |"
                .formatted(
                        kind.text(),
                        kind.key(),
                        kind.field().map(field -> "`" + field + "`").orElse("none"),
                        kind.keptFor().map(time -> time.toSeconds() + " s").orElse("stays"),
                        kind.bytesMax(),
                        kind.countMax().isPresent() ? kind.countMax().getAsInt() : "any",
                        kind.compressedOver().isPresent()
                                ? kind.compressedOver().getAsInt()
                                : "never");
    }

    private static Stream<String> brokenLinks(Path page) {
        Path folder = Objects.requireNonNull(page.getParent());
        return found(LINK, page)
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://"))
                .filter(target -> !Files.exists(folder.resolve(target)))
                .map(target -> ROOT.relativize(page) + " links to " + target);
    }

    private static Stream<String> methods(Path test) {
        String name = Objects.requireNonNull(test.getFileName()).toString().replace(".java", "");
        return Pattern.compile("\\bvoid ([a-z][A-Za-z0-9]+)\\(")
                .matcher(read(test))
                .results()
                .map(method -> name + "." + method.group(1));
    }

    /** README.md and all pages under docs. */
    private static Stream<Path> pages() {
        List<Path> pages = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        if (Files.exists(ROOT.resolve("README.md"))) {
            pages.add(ROOT.resolve("README.md"));
        }
        return pages.stream();
    }

    private static Stream<Path> sources(String... folders) {
        return Arrays.stream(folders).flatMap(folder -> files(ROOT.resolve(folder), ".java").stream());
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<MatchResult> found(Pattern pattern, Path file) {
        return pattern.matcher(read(file)).results();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder above the module that the build runs in. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("mvnw")) ? here : Objects.requireNonNull(here.getParent());
    }
}
