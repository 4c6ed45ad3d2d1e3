package dev.burgee.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.region.Region;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The scripts for operators against three regions, by the AWS CLI that an operator has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class OperationsScriptsIT {
    private static final Duration PULSE = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final World world = World.start(
            WorldOptions.ofThreeRegions(Functions.shipped()).withoutDistances().withPulse(PULSE));
    private final Map<String, String> environment = new HashMap<>();
    private Script scripts = new Script(Map.of());

    @BeforeAll
    void find() {
        environment.put("PATH", aws() + ":" + System.getenv("PATH"));
        environment.put("AWS_ENDPOINT_URL", world.aws().toString());
        environment.put("AWS_ACCESS_KEY_ID", "burgee");
        environment.put("AWS_SECRET_ACCESS_KEY", "burgee");
        environment.put("AWS_REGION", "us-east-1");
        environment.put("BURGEE_HOSTED_ZONE", "Z0BURGEE");
        environment.put("BURGEE_PRIMARY_RECORD", "primary.burgee.internal");
        scripts = new Script(environment);
    }

    /** Wherever the home is by now: all is well, and there is something to replicate. */
    @BeforeEach
    void heal() {
        control("DELETE", "/faults");
        control("POST", "/dns/allow");
        awaitVerified();
    }

    @AfterAll
    void close() {
        world.close();
    }

    @Test
    void verifiesHealthyRegionsAndTheirLag() {
        Script.Run verified = scripts.run("verify-failover");
        Script.Run lag = scripts.run("check-replication-lag", "--warn-ms", "20000");

        assertThat(verified.status()).as(verified.all()).isZero();
        assertThat(verified.out()).contains("verified: " + home() + " is the home", "here");
        assertThat(lag.status()).as(lag.all()).isZero();
        assertThat(lag.out().lines()).hasSize(4);
    }

    @Test
    void changesNothingInADryRunOrWhenItIsNotConfirmed() {
        String target = other(home()).getFirst();
        String before = standing();

        Script.Run dry = scripts.run("promote", target, "--dry-run", "--disassociate");
        Script.Run alone = scripts.run("promote", target);

        assertThat(dry.status()).as(dry.all()).isZero();
        assertThat(dry.out())
                .contains(
                        "elasticache failover-global-replication-group --region " + target,
                        "dry run: nothing was changed");
        assertThat(alone.status()).as(alone.all()).isEqualTo(3);
        assertThat(alone.err()).contains("give --yes");
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void promotesARegionAndFindsItPromotedTheNextTime() {
        String target = other(home()).getFirst();
        long epoch = epoch();

        Script.Run run = scripts.run("promote", target, "--yes", "--actor", "alice");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out()).contains("home            " + target, "cache           writable");
        assertThat(epoch()).isEqualTo(epoch + 1);
        assertThat(home()).isEqualTo(target);
        awaitVerified();

        Script.Run again = scripts.run("promote", target);
        assertThat(again.status()).as(again.all()).isZero();
        assertThat(again.out()).contains("is the home already; nothing to do");
        assertThat(epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void refusesARegionThatLagsAndShowsItsLag() {
        String target = other(home()).getFirst();
        String before = standing();
        control("POST", "/regions/" + target + "/lag?ms=40000");
        write(home(), "lagging");
        Await.until(
                "lag is seen",
                SOON,
                () -> scripts.run("check-replication-lag", "--warn-ms", "1", "--critical-ms", "1500")
                                .status()
                        == 2);

        Script.Run run = scripts.run("promote", target, "--yes", "--lag-max-ms", "1000");
        Script.Run verified = scripts.run("verify-failover", "--lag-max-ms", "1000");

        assertThat(run.status()).as(run.all()).isEqualTo(3);
        assertThat(run.err()).contains(target + " lags by", "limit 1000 ms");
        assertThat(verified.out()).contains("NOT VERIFIED: " + target + " lags by");
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void replacesALostHomeWhileRoute53IsDownAndTheOldOneRejoins() {
        String lost = home();
        String target = other(lost).getFirst();
        String third = other(lost).getLast();
        control("POST", "/dns/refuse");
        control("POST", "/regions/" + lost + "/cache/stop");

        Script.Run run = scripts.run("promote", target, "--yes");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out()).contains("home            " + target, "CNAME           not known");
        Await.until(
                "accepted and told", SOON, () -> write(third, "after").body().contains("propagating"));
        Script.Run all = scripts.run("verify-failover", "--from", target);
        assertThat(all.status()).as(all.all()).isEqualTo(1);
        assertThat(all.out())
                .contains("NOT VERIFIED: " + lost + " cannot reach its cache", "NOT VERIFIED: the record is not known");

        control("POST", "/dns/allow");
        awaitVerified("--regions", target + "," + third);
        control("POST", "/regions/" + lost + "/cache/start");
        Await.until(
                "verified with all", SOON, () -> scripts.run("verify-failover").status() == 0);
        assertThat(home()).isEqualTo(target);
    }

    /** As after the loss of the primary's region, when the control plane does not fail over. */
    @Test
    void recordsARegionThatSomebodyTookOutOfTheDatastore() throws IOException, InterruptedException {
        String lost = home();
        String target = other(lost).getFirst();
        paste(("aws elasticache disassociate-global-replication-group --global-replication-group-id ldgnf-burgee"
                        + " --region REGION --replication-group-id burgee-REGION --replication-group-region REGION")
                .replace("REGION", target));
        try {
            Script.Run split = scripts.run("verify-failover");
            control("POST", "/regions/" + lost + "/cache/stop");
            Script.Run run = scripts.run("promote", target, "--yes");

            assertThat(split.status()).as(split.all()).isEqualTo(1);
            assertThat(split.out()).contains("NOT VERIFIED: 2 caches are writable");
            assertThat(run.status()).as(run.all()).isZero();
            assertThat(run.out()).contains("writable already").doesNotContain("failover-global-replication-group");
        } finally {
            // as after a rebuild of the datastore
            control("POST", "/promote/" + target);
        }
    }

    @Test
    void saysWhichRegionDoesNotAnswer() {
        Script.Run promote = scripts.run("promote", "eu-north-1", "--yes");
        Script.Run verify = scripts.run("verify-failover", "--regions", home() + ",eu-north-1");

        assertThat(promote.status()).as(promote.all()).isEqualTo(1);
        assertThat(promote.err()).contains("region-pulse in eu-north-1 does not answer");
        assertThat(verify.status()).as(verify.all()).isEqualTo(1);
        assertThat(verify.out()).contains("NOT VERIFIED: eu-north-1 does not answer");
    }

    @Test
    void theRunbooksPractiseWorksAsPasted() throws IOException, InterruptedException {
        String page = Files.readString(Script.ROOT.resolve("docs/operations.md"));
        String practise = BLOCK.matcher(page)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("AWS_ENDPOINT_URL"))
                .findFirst()
                .orElseThrow()
                .replace("localhost:8100", world.control().getAuthority())
                .replace("promote eu-west-1", "promote " + other(home()).getFirst());

        String output = paste(practise);

        assertThat(output).contains("verified: ", "dry run: nothing was changed");
    }

    /** What an operator's shell prints. */
    private String paste(String commands) throws IOException, InterruptedException {
        var shell = new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", commands)
                .directory(Script.ROOT.toFile())
                .redirectErrorStream(true);
        shell.environment().putAll(environment);
        Process pasted = shell.start();
        String output = new String(pasted.getInputStream().readAllBytes(), UTF_8);
        assertThat(pasted.waitFor()).as(output).isZero();
        return output;
    }

    private void awaitVerified(String... options) {
        var last = new AtomicReference<Script.Run>();
        try {
            Await.until("verified", SOON, () -> {
                last.set(scripts.run("verify-failover", options));
                return last.get().status() == 0;
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + last.get().all(), e);
        }
    }

    private String home() {
        return statusOf("\"primary\":\"([a-z0-9-]+)\"");
    }

    private long epoch() {
        return Long.parseLong(statusOf("\"epoch\":([0-9]+)"));
    }

    /** What no look may change. */
    private String standing() {
        return home() + " " + epoch() + " " + statusOf("\"cname\":\"([^\"]*)\"");
    }

    private String statusOf(String pattern) {
        String status = control("GET", "/status");
        Matcher matcher = Pattern.compile(pattern).matcher(status);
        assertThat(matcher.find()).as(status).isTrue();
        return matcher.group(1);
    }

    private List<String> other(String region) {
        return world.geography().regions().stream()
                .map(Region::code)
                .filter(code -> !code.equals(region))
                .toList();
    }

    private Reply write(String region, String operation) {
        return new Api(world.baseUri(new Region(region))).put("operated", Api.document(operation));
    }

    private String control(String method, String path) {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create(world.control() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The folder of the AWS CLI: on the PATH, or where scripts/test puts it. */
    private static Path aws() {
        Stream<Path> onPath = Stream.of(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of);
        return Stream.concat(onPath, Stream.of(Script.ROOT.resolve("target/awscli/bin")))
                .filter(folder -> Files.isExecutable(folder.resolve("aws")))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("The tests of scripts/promote and its like need an AWS CLI: aws on"
                                + " the PATH, or in target/awscli/bin (scripts/test puts it there; by hand: python3 -m venv"
                                + " target/awscli && target/awscli/bin/pip install awscli)"));
    }
}
