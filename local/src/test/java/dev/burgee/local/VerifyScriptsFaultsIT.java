package dev.burgee.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** scripts/verify-failover and scripts/check-replication-lag on pulses that contradict each other. Needs bash and python3. */
@Timeout(120)
final class VerifyScriptsFaultsIT {
    private static final String CNAME = "route53.list-resource-record-sets.us-east-1";
    private static final PulseReport US =
            PulseReport.replica("us-east-1", "us-east-1", 0).asWritable();
    private static final PulseReport EU = PulseReport.replica("eu-west-1", "us-east-1", 0);
    private static final PulseReport AP = PulseReport.replica("ap-southeast-1", "us-east-1", 0);

    @TempDir
    private Path folder;

    private FakeAws aws;
    private Script scripts;

    /** Three regions that agree; each test breaks something. */
    @BeforeEach
    void record() {
        aws = new FakeAws(folder).answers(CNAME, cname("master.burgee-us-east-1.abc123.use1.cache.amazonaws.com"));
        scripts = aws.scripts();
        says(US);
        says(EU);
        says(AP);
    }

    @Test
    void verifiesRegionsThatAgree() {
        Script.Run run = verify();

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out().lines())
                .hasSize(6)
                .anyMatch(row -> row.matches("us-east-1 +yes +us-east-1 +0 +writable +40 +0 +0 +here"))
                .anyMatch(row -> row.matches("eu-west-1 +yes +us-east-1 +0 +replica +40 +0 +0 +-"))
                .anyMatch(row -> row.startsWith("verified: us-east-1 is the home"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "burgee-us-east-1.cache.internal",
                "master.burgee-prod-us-east-1.abc123.use1.cache.amazonaws.com",
                "cache-us-east-1.prod.burgee.internal"
            })
    void knowsACacheByItsNameInEachProfile(String name) {
        aws.answers(CNAME, cname(name));

        Script.Run run = verify();

        assertThat(run.status()).as(run.all()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    two are writable     | 2 caches are writable: us-east-1, eu-west-1
                    none is writable     | no caches are writable
                    another home         | regions disagree on the home: eu-west-1 at epoch 1, us-east-1 at epoch 0
                    another epoch        | regions disagree on the home: us-east-1 at epoch 0, us-east-1 at epoch 2
                    not the home         | the home is us-east-1, but the writable cache is in eu-west-1
                    it lags              | eu-west-1 lags by 5001 ms (limit 5000 ms)
                    it is empty          | the cache in eu-west-1 is empty
                    no cache             | eu-west-1 cannot reach its cache
                    no ledger            | eu-west-1 cannot reach the ledger
                    no answer            | eu-west-1 does not answer: Connect timeout on endpoint URL
                    it failed            | eu-west-1 does not answer: region-pulse failed: out of memory
                    the record elsewhere | the CNAME names burgee-eu-west-1.cache.internal, not the cache of us-east-1
                    a name that is alike | the CNAME names burgee-us-east-10.cache.internal, not the cache of us-east-1
                    another name         | the CNAME names shop-us-east-1.cache.internal, not the cache of us-east-1
                    no record            | there is no such CNAME record
                    no Route 53          | the record is not known: An error occurred (Throttling)
                    """)
    void tellsWhyItIsNotVerified(String fault, String reason) {
        breaks(fault);

        Script.Run run = verify();

        assertThat(run.status()).as(run.all()).isEqualTo(1);
        assertThat(run.out()).contains("NOT VERIFIED: " + reason).doesNotContain("\nverified");
    }

    private void breaks(String fault) {
        switch (fault) {
            case "two are writable" -> says(EU.asWritable());
            case "none is writable" -> says(PulseReport.replica("us-east-1", "us-east-1", 0));
            case "another home" -> says(PulseReport.replica("eu-west-1", "eu-west-1", 1));
            case "another epoch" -> says(PulseReport.replica("eu-west-1", "us-east-1", 2));
            case "not the home" -> {
                says(PulseReport.replica("us-east-1", "us-east-1", 0));
                says(EU.asWritable());
            }
            case "it lags" -> says(EU.behind(39, 5001));
            case "it is empty" -> says(EU.empty());
            case "no cache" -> says(EU.unreachable());
            case "no ledger" -> says(EU.withoutLedger());
            case "no answer" -> aws.answers("lambda.invoke.eu-west-1.status", "error:Connect timeout on endpoint URL");
            case "it failed" ->
                aws.answers("lambda.invoke.eu-west-1.status", "function-error:{\"errorMessage\":\"out of memory\"}");
            case "the record elsewhere" -> aws.answers(CNAME, cname("burgee-eu-west-1.cache.internal"));
            case "a name that is alike" -> aws.answers(CNAME, cname("burgee-us-east-10.cache.internal"));
            case "another name" -> aws.answers(CNAME, cname("shop-us-east-1.cache.internal"));
            case "no record" -> aws.answers(CNAME, "{\"ResourceRecordSets\":[]}");
            case "no Route 53" -> aws.answers(CNAME, "error:An error occurred (Throttling)");
            default -> throw new IllegalArgumentException(fault);
        }
    }

    @Test
    void verifiesWhatIsLeftAfterTheLossOfARegion() {
        aws.answers("lambda.invoke.us-east-1.status", "error:Connect timeout on endpoint URL")
                .answers(CNAME, cname("burgee-eu-west-1.cache.internal"));
        says(PulseReport.replica("eu-west-1", "eu-west-1", 1).asWritable());
        says(PulseReport.replica("ap-southeast-1", "eu-west-1", 1));

        Script.Run left = verify("--regions", "eu-west-1,ap-southeast-1");
        Script.Run all = verify("--from", "us-east-1,eu-west-1");

        assertThat(left.status()).as(left.all()).isZero();
        assertThat(all.status()).as(all.all()).isEqualTo(1);
        assertThat(all.out()).contains("NOT VERIFIED: us-east-1 does not answer");
    }

    @Test
    void answersJson() {
        Script.Run good = verify("--json");
        says(EU.asWritable());
        Script.Run bad = verify("--json");

        assertThat(good.status()).as(good.all()).isZero();
        assertThat(good.out()).contains("\"ok\": true", "\"home\": \"us-east-1\"");
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.out()).contains("\"ok\": false", "2 caches are writable: us-east-1, eu-west-1");
    }

    @Test
    void saysThatItDidNotLookAtTheRecordWhenItIsNotTold() {
        Script.Run run = scripts.run("verify-failover", "--from", "us-east-1");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out()).contains("note: CNAME not checked");
        assertThat(aws.calls()).noneMatch(call -> call.startsWith("route53"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ok        | 0 | us-east-1 .* ok
                    999       | 0 | eu-west-1 .* 999 +ok
                    1000      | 1 | eu-west-1 .* 1000 +WARNING
                    29999     | 1 | eu-west-1 .* 29999 +WARNING
                    30000     | 2 | eu-west-1 .* 30000 +CRITICAL
                    no answer | 2 | eu-west-1 .* CRITICAL +Connect timeout on endpoint URL
                    no cache  | 2 | eu-west-1 .* CRITICAL +its cache is unreachable
                    it is empty | 2 | eu-west-1 .* CRITICAL +its cache is empty
                    no ledger | 2 | eu-west-1 .* CRITICAL +its lag is not known: no ledger
                    """)
    void tellsTheWorstLag(String state, int status, String row) {
        if (state.matches("[0-9]+")) {
            says(EU.behind(39, Long.parseLong(state)));
        } else if (!state.equals("ok")) {
            breaks(state);
        }

        Script.Run run = scripts.run("check-replication-lag", "--from", "us-east-1");

        assertThat(run.status()).as(run.all()).isEqualTo(status);
        assertThat(run.out().lines()).hasSize(4).anyMatch(line -> line.strip().matches(row));
    }

    @Test
    void watchesUntilItIsEnded() throws IOException {
        Path out = folder.resolve("out");
        Process watch = scripts.start(out, "check-replication-lag", "--from", "us-east-1", "--json", "--watch", "1");
        try {
            Await.until(
                    "two lines", Duration.ofSeconds(60), () -> text(out).lines().count() >= 2);
            says(EU.behind(30, 90_000));
            Await.until("the lag", Duration.ofSeconds(60), () -> text(out).contains("\"level\": \"critical\""));
        } finally {
            Script.end(watch);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    check-replication-lag                                              | 3 | which regions?
                    check-replication-lag --from nowhere                               | 3 | 'nowhere' is not a region code
                    check-replication-lag --from us-east-1 --warn-ms 5s                | 3 | --warn-ms takes a whole number
                    check-replication-lag --from us-east-1 --warn-ms 9 --critical-ms 8 | 3 | must not be above --critical-ms 8
                    check-replication-lag --from us-east-1 --watch 0                   | 3 | --watch takes a whole number from 1 to 3600
                    check-replication-lag --lag                                        | 3 | unknown option --lag
                    check-replication-lag --from eu-north-1                            | 3 | no region answered
                    verify-failover                                                    | 2 | which regions?
                    verify-failover --regions us-east-1,EU                             | 2 | 'EU' is not a region code
                    verify-failover --regions                                          | 2 | --regions needs a value
                    verify-failover --from us-east-1 --zone Z0                         | 2 | a zone needs its record too
                    verify-failover --from us-east-1 --record r                        | 2 | a record needs its zone too
                    verify-failover eu-west-1                                          | 2 | unknown option eu-west-1
                    """)
    void refusesBadArguments(String command, int status, String message) {
        String[] words = command.split(" ", 2);
        Script.Run run = scripts.run(words[0], words.length == 1 ? new String[0] : words[1].split(" "));

        assertThat(run.status()).as(run.all()).isEqualTo(status);
        assertThat(run.err()).contains(message);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void says(PulseReport report) {
        aws.answers("lambda.invoke." + report.region() + ".status", report.json());
    }

    private Script.Run verify(String... options) {
        var arguments = new ArrayList<>(
                List.of("--zone", "Z0BURGEE", "--record", "primary.burgee.internal", "--from", "us-east-1"));
        arguments.addAll(List.of(options));
        return scripts.run("verify-failover", arguments.toArray(new String[0]));
    }

    private static String cname(String value) {
        return """
                {"ResourceRecordSets":[{"Name":"primary.burgee.internal.","Type":"CNAME","TTL":10,\
                "ResourceRecords":[{"Value":"%s"}]}]}""".formatted(value);
    }
}
