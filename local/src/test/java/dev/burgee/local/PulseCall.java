package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Runs pulses of a world's regions by its Lambda stand-in, and answers their reports. */
final class PulseCall implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final String aws;

    PulseCall(Control control) {
        this.aws = String.valueOf(control.status().get("aws"));
    }

    /** The report of a pulse as the schedule has it. */
    Map<?, ?> plain(Region region) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(aws + "/2015-03-31/functions/burgee-region-pulse/invocations"))
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=burgee/20261121/" + region
                                + "/lambda/aws4_request, SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return Control.object(Json.parse(response.body()));
        } catch (IOException e) {
            throw new AssertionError("pulse of " + region, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("pulse of " + region, e);
        }
    }

    /** The replication lag that a pulse measures, in milliseconds. */
    double lagMs(Region region) {
        Map<?, ?> report = plain(region);
        Object lag = Control.object(report.get("replication")).get("lagMs");
        assertThat(lag).as(Json.write(report)).isInstanceOf(Number.class);
        return ((Number) lag).doubleValue();
    }

    /**
     * Measures until the last three measurements' median is as near to the lag as it must be: within 10 % or 5 ms.
     *
     * @param pulses at most so many: a busy machine delays what is measured, too
     */
    void assertMeasures(Region region, double expectedMs, int pulses) {
        double tolerance = Math.max(5, expectedMs / 10);
        List<Double> measured = new ArrayList<>();
        while (measured.size() < pulses) {
            measured.add(lagMs(region));
            List<Double> last = new ArrayList<>(measured.subList(Math.max(0, measured.size() - 3), measured.size()));
            Collections.sort(last);
            if (Math.abs(last.get(last.size() / 2) - expectedMs) <= tolerance) {
                System.out.printf("lag into %s: %.1f ms, measured %s%n", region, expectedMs, measured);
                return;
            }
        }
        throw new AssertionError("lag into " + region + " is " + expectedMs + " ms, but measured were " + measured);
    }

    @Override
    public void close() {
        client.close();
    }
}
