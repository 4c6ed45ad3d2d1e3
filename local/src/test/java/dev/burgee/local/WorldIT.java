package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.region.Region;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The world with the functions that ship, at real distances: what a newcomer does in the first five minutes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
final class WorldIT {
    private static final String FLAG = """
            {"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"%s"}""";

    private final HttpClient client = HttpClient.newHttpClient();
    private final World world = World.start(WorldOptions.ofThreeRegions(Functions.shipped()));

    @AfterEach
    void heal() {
        world.healAll();
    }

    @AfterAll
    void close() {
        world.close();
        client.close();
    }

    @Test
    void aFlagThatIsWrittenInOneRegionAppearsInTheOthers() throws Exception {
        HttpResponse<String> written = put(EU_WEST_1, "first", "off");
        assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
        assertThat(written.body()).contains("\"status\":\"propagating\"", "\"requestRegion\":\"eu-west-1\"");

        String position = written.headers().firstValue("Burgee-Position").orElseThrow();
        HttpResponse<String> byToken = get(AP_SOUTHEAST_1, "first", position);

        assertThat(byToken.statusCode()).as(byToken.body()).isEqualTo(200);
        for (Region region : world.geography().regions()) {
            HttpResponse<String> read = getOnceThere(region, "first");
            assertThat(read.body()).contains("\"defaultVariant\":\"off\"");
            assertThat(read.headers().firstValue("Burgee-Region")).contains(region.code());
        }
    }

    @Test
    void readsSurviveTheLossOfTheLocalReplica() throws Exception {
        String position = put(US_EAST_1, "survivor", "on")
                .headers()
                .firstValue("Burgee-Position")
                .orElseThrow();
        getOnceThere(EU_WEST_1, "survivor");

        world.caches().stop(EU_WEST_1);

        HttpResponse<String> read = get(EU_WEST_1, "survivor", position);
        assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
    }

    @Test
    void writesSurviveTheLossOfTheHomeRegion() throws Exception {
        world.network().isolate(US_EAST_1, true);

        HttpResponse<String> written = put(EU_WEST_1, "meanwhile", "on");

        assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
        assertThat(written.body()).contains("\"status\":\"delayed\"");
        String position = written.headers().firstValue("Burgee-Position").orElseThrow();
        assertThat(getUntilNot503(AP_SOUTHEAST_1, "meanwhile", position).statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesCallersWithoutAKey() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(world.baseUri(EU_WEST_1).resolve("/api/config/flags"))
                .build();

        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
    }

    @Test
    void keepsWhatTheFunctionsPrint() throws Exception {
        put(EU_WEST_1, "noisy", "on");

        assertThat(world.output().metrics().since(0))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("\"_aws\""));
    }

    @Test
    void beginsWithMadeUpFlagsAndWithThoseOfAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("flags.json"), "{\"flags\":{\"from-a-file\":" + FLAG.formatted("on") + "}}");
        var seeder = new Seeder(world.baseUri(US_EAST_1), step -> {});

        seeder.sow(new Seed.MadeUp(1_500));
        seeder.sow(new Seed.File(file));

        assertThat(getOnceThere(AP_SOUTHEAST_1, "from-a-file").statusCode()).isEqualTo(200);
        String last =
                MadeUpFlags.of(1_500).keySet().stream().reduce((_, key) -> key).orElseThrow();
        assertThat(getOnceThere(EU_WEST_1, last).statusCode()).isEqualTo(200);
    }

    @Test
    void saysWhatIsWrongWithAFileOfFlags(@TempDir Path directory) throws Exception {
        var seeder = new Seeder(world.baseUri(US_EAST_1), step -> {});
        Path notFlagd = Files.writeString(directory.resolve("not-flagd.json"), "[]");
        Path badFlag = Files.writeString(directory.resolve("bad.json"), "{\"flags\":{\"a\":{\"state\":\"MAYBE\"}}}");

        assertThatThrownBy(() -> seeder.sow(new Seed.File(notFlagd)))
                .isInstanceOf(SeedException.class)
                .hasMessageContaining("is no flagd file");
        assertThatThrownBy(() -> seeder.sow(new Seed.File(badFlag)))
                .isInstanceOf(SeedException.class)
                .hasMessageContaining("was answered 400")
                .hasMessageContaining("state");
    }

    private HttpResponse<String> put(Region region, String key, String variant) throws Exception {
        return client.send(
                request(region, "/api/admin/flags/" + key, DevKey.ADMIN)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(FLAG.formatted(variant)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(Region region, String key, String position) throws Exception {
        return client.send(
                request(region, "/api/config/flags/" + key, DevKey.READ)
                        .header("Burgee-Position", position)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A reader that finds no copy new enough in time is told so, and to try again. */
    private HttpResponse<String> getUntilNot503(Region region, String key, String position) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        HttpResponse<String> response = get(region, key, position);
        while (response.statusCode() == 503 && System.nanoTime() - end < 0) {
            response = get(region, key, position);
        }
        return response;
    }

    /** Reads without a token until the flag is visible: within 2 s, says the design. */
    private HttpResponse<String> getOnceThere(Region region, String key) throws IOException, InterruptedException {
        HttpRequest request =
                request(region, "/api/config/flags/" + key, DevKey.READ).build();
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        while (response.statusCode() != 200 && System.nanoTime() - end < 0) {
            response = client.send(request, HttpResponse.BodyHandlers.ofString());
        }
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response;
    }

    private HttpRequest.Builder request(Region region, String path, DevKey key) {
        return HttpRequest.newBuilder(URI.create(world.baseUri(region) + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + key.text());
    }
}
