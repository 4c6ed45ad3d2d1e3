package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SiteTest {
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"#]+)\"|from '\\./([^']+)'");

    private final Site site = site();

    @ParameterizedTest
    @CsvSource(textBlock = """
                    /,            text/html; charset=utf-8
                    /index.html,  text/html; charset=utf-8
                    /app.js,      text/javascript; charset=utf-8
                    /style.css,   text/css; charset=utf-8
                    /icon.svg,    image/svg+xml
                    /config.json, application/json
                    """)
    void servesEachFileWithItsContentType(String path, String contentType) {
        assertThat(site.file(path)).get().satisfies(file -> {
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.contentType()).isEqualTo(contentType);
            assertThat(file.body()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none.html",
                "/../config.js",
                "/site/app.js",
                "//etc/passwd",
                "/app.class",
                "/status",
                "/app.js/"
            })
    void hasNothingElse(String path) {
        assertThat(site.file(path)).isEmpty();
    }

    @Test
    void everyFileThatThePageNamesIsThere() {
        assertThat(named("/").flatMap(name -> Stream.concat(Stream.of(name), named("/" + name))))
                .contains("app.js", "style.css", "api.js")
                .allSatisfy(name -> assertThat(site.file("/" + name)).as(name).isPresent());
    }

    @Test
    void itsConfigurationNamesTheWorldsOwnAddressesAndKeys() {
        assertThat(Json.parse(site.file("/config.json").orElseThrow().body()))
                .isEqualTo(Map.of(
                        "regions", Map.of("us-east-1", "http://127.0.0.1:8101", "eu-west-1", "http://127.0.0.1:8102"),
                        "pollMs", 1_000,
                        "world",
                                Map.of(
                                        "url",
                                        "",
                                        "ledgerRegions",
                                        List.of("us-east-1", "us-east-2"),
                                        "keys",
                                        List.of("dev-admin", "dev-read"))));
    }

    @Test
    void nothingFromElsewhereRunsAndOnlyTheApisAreAsked() {
        assertThat(site.headers().get("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'")
                .contains("connect-src 'self' http://127.0.0.1:8101 http://127.0.0.1:8102;")
                .doesNotContain("unsafe", "*");
    }

    private Stream<String> named(String path) {
        return site.file(path).stream()
                .flatMap(file -> REFERENCE.matcher(file.body()).results())
                .map(SiteTest::name);
    }

    private static String name(MatchResult reference) {
        return reference.group(1) == null ? reference.group(2) : reference.group(1);
    }

    private static Site site() {
        Map<Region, String> apis = new LinkedHashMap<>();
        apis.put(new Region("us-east-1"), "http://127.0.0.1:8101");
        apis.put(new Region("eu-west-1"), "http://127.0.0.1:8102");
        return new Site(apis, List.of(new Region("us-east-1"), new Region("us-east-2")));
    }
}
