package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** scripts/promote against control planes and pulses that fail, are late, or contradict. Needs bash and python3. */
@Timeout(120)
final class PromoteFaultsIT {
    private static final String STATUS = "lambda.invoke.eu-west-1.status";
    private static final String PROMOTE = "lambda.invoke.eu-west-1.promote";
    private static final String DESCRIBE = "elasticache.describe-global-replication-groups.eu-west-1";
    private static final String FAIL_OVER = "elasticache.failover-global-replication-group.eu-west-1";
    private static final String DISASSOCIATE = "elasticache.disassociate-global-replication-group.eu-west-1";
    private static final String FAIL_OVER_CALL =
            "elasticache failover-global-replication-group --region eu-west-1 --global-replication-group-id ldgnf-burgee"
                    + " --primary-region eu-west-1 --primary-replication-group-id burgee-eu-west-1";
    private static final String DISASSOCIATE_CALL =
            "elasticache disassociate-global-replication-group --region eu-west-1 --global-replication-group-id ldgnf-burgee"
                    + " --replication-group-id burgee-eu-west-1 --replication-group-region eu-west-1";
    private static final String INVALID_STATE =
            "error:An error occurred (InvalidGlobalReplicationGroupState) when calling the FailoverGlobalReplicationGroup"
                    + " operation: Global Replication group is not in a valid state";

    private static final PulseReport REPLICA = PulseReport.replica("eu-west-1", "us-east-1", 3);
    private static final PulseReport WRITABLE = REPLICA.asWritable();
    private static final PulseReport HOME =
            PulseReport.replica("eu-west-1", "eu-west-1", 4).asWritable();
    private static final PulseReport PROMOTED = HOME.outcome("promoted");

    @TempDir
    private Path folder;

    private FakeAws aws;
    private Script scripts;

    /** A world in which everything works; each test breaks something. */
    @BeforeEach
    void record() {
        aws = new FakeAws(folder)
                .answers(STATUS, REPLICA.json(), REPLICA.json(), WRITABLE.json(), HOME.json())
                .answers(PROMOTE, PROMOTED.json())
                .answers(DESCRIBE, datastore("available"))
                .answers(FAIL_OVER, "{\"GlobalReplicationGroup\":{\"Status\":\"modifying\"}}")
                .answers(DISASSOCIATE, "{\"GlobalReplicationGroup\":{\"Status\":\"modifying\"}}");
        scripts = aws.scripts();
    }

    @Test
    void failsOverWaitsRecordsAndProves() {
        Script.Run run = promote("--yes", "--actor", "alice \"the\" admin");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out())
                .contains(
                        "home            eu-west-1 (epoch 4)", "cache           writable", "position        40 of 40");
        assertThat(aws.changes()).containsExactly(FAIL_OVER_CALL);
        assertThat(run.out())
                .containsSubsequence(
                        "will            fail ldgnf-burgee over to burgee-eu-west-1 (now available, primary in us-east-1)",
                        "does not accept writes yet",
                        "accepts writes",
                        "the ledger names eu-west-1");
    }

    @Test
    void findsTheGroupThatCarriesTheStageAmongOthers() {
        String stores = datastore("available").replace("burgee", "burgee-prod");
        String others = datastore("available").replace("burgee", "shop").replaceAll("\\]\\}$", ",");
        aws.answers(DESCRIBE, stores.replace("{\"GlobalReplicationGroups\":[", others));

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(aws.changes()).containsExactly(FAIL_OVER_CALL.replace("burgee", "burgee-prod"));
    }

    @Test
    void doesNothingWhenTheRegionIsTheHomeAlready() {
        aws.answers(STATUS, HOME.json());

        Script.Run run = promote();

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out()).contains("is the home already");
        assertThat(aws.calls()).allMatch(call -> call.startsWith("lambda")).hasSize(2);
    }

    @Test
    void recordsOnlyWhatAnEarlierRunLeftUnrecorded() {
        aws.answers(STATUS, WRITABLE.json(), HOME.json());

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(aws.changes()).isEmpty();
        assertThat(run.out()).contains("the ledger names eu-west-1");
    }

    @Test
    void waitsForAFailoverThatAnEarlierRunBegan() {
        aws.answers(FAIL_OVER, INVALID_STATE).answers(DESCRIBE, datastore("modifying"));

        Script.Run run = promote("--yes", "--disassociate");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(aws.changes()).containsExactly(FAIL_OVER_CALL);
    }

    @Test
    void doesNotFailOverToWhatIsThePrimaryAlready() {
        aws.answers(
                DESCRIBE,
                datastore("modifying")
                        .replace("SECONDARY", "was")
                        .replace("PRIMARY", "SECONDARY")
                        .replace("was", "PRIMARY"));

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(aws.changes()).isEmpty();
    }

    @Test
    void tellsOfDisassociationButDoesNotDoItUnasked() {
        aws.answers(FAIL_OVER, INVALID_STATE);

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isEqualTo(4);
        assertThat(run.err()).contains("scripts/promote eu-west-1 --disassociate");
        assertThat(aws.changes()).containsExactly(FAIL_OVER_CALL);
        assertThat(aws.calls()).noneMatch(call -> call.contains("promote.json"));
    }

    @Test
    void disassociatesWhenTheFailoverCallIsRefused() {
        aws.answers(FAIL_OVER, INVALID_STATE).answers(STATUS, REPLICA.json(), WRITABLE.json(), HOME.json());

        Script.Run run = promote("--yes", "--disassociate");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(aws.changes()).containsExactly(FAIL_OVER_CALL, DISASSOCIATE_CALL);
        assertThat(run.out()).contains("must be rebuilt afterwards", "the ledger names eu-west-1");
    }

    @Test
    void disassociatesWhenTheFailoverTakesTooLong() {
        aws.answers(STATUS, REPLICA.json());

        Script.Run run = promote("--yes", "--disassociate", "--timeout", "1");

        // by neither step in so short a time; it is the order that matters
        assertThat(run.status()).as(run.all()).isEqualTo(4);
        assertThat(run.err()).contains("does not accept writes 1 s after the disassociation");
        assertThat(aws.changes()).containsExactly(FAIL_OVER_CALL, DISASSOCIATE_CALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Read timeout on endpoint URL: \"https://elasticache.eu-west-1.amazonaws.com/\"",
                "An error occurred (Throttling) when calling the FailoverGlobalReplicationGroup operation: Rate exceeded",
                "An error occurred (InternalFailure) when calling the FailoverGlobalReplicationGroup operation: oops"
            })
    void waitsWhenTheCallMayHaveBeenTaken(String failure) {
        aws.answers(FAIL_OVER, "error:" + failure);

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out()).contains(failure, "it may have been taken all the same");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "An error occurred (AccessDenied) when calling the FailoverGlobalReplicationGroup operation: no",
                "An error occurred (GlobalReplicationGroupNotFoundFault) when calling the operation: none",
                "Unable to locate credentials. You can configure credentials by running \"aws configure\"."
            })
    void endsAtOnceWhenTheCallIsRefusedForGood(String failure) {
        aws.answers(FAIL_OVER, "error:" + failure);

        Script.Run run = promote("--yes", "--disassociate");

        assertThat(run.status()).as(run.all()).isEqualTo(1);
        assertThat(run.all()).contains(failure, "the call was refused");
        assertThat(aws.changes()).containsExactly(FAIL_OVER_CALL);
    }

    @Test
    void needsTheDatastoresNameOnlyWhenTheControlPlaneIsSilent() {
        aws.answers(DESCRIBE, "error:Connect timeout on endpoint URL");

        Script.Run unnamed = promote("--yes");
        aws.answers(STATUS, REPLICA.json(), WRITABLE.json(), HOME.json());
        Script.Run named = promote("--yes", "--datastore", "ldgnf-burgee");

        assertThat(unnamed.status()).as(unnamed.all()).isEqualTo(1);
        assertThat(unnamed.err()).contains("Give --datastore", "Connect timeout");
        assertThat(named.status()).as(named.all()).isZero();
        assertThat(aws.changes()).containsExactly(FAIL_OVER_CALL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"GlobalReplicationGroups":[]}     | no global datastore has burgee-eu-west-1
                    {"GlobalReplicationGroups":null}   | no global datastore has burgee-eu-west-1
                    TWICE                              | 2 global datastores have burgee-eu-west-1 as a member
                    """)
    void refusesToGuessTheDatastore(String answer, String message) {
        String one = datastore("available").replaceAll("^\\{\"GlobalReplicationGroups\":\\[|\\]\\}$", "");
        aws.answers(DESCRIBE, answer.replace("TWICE", "{\"GlobalReplicationGroups\":[" + one + "," + one + "]}"));

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isEqualTo(1);
        assertThat(run.err()).contains(message);
        assertThat(aws.changes()).isEmpty();
    }

    @Test
    void refusesARegionThatLagsWhileTheHomeIsAlive() {
        String noneAhead = PulseReport.cache("us-east-1", true, 38) + "," + PulseReport.cache("eu-west-1", true, 38);

        assertRefused(
                REPLICA.behind(38, 6000).seeing(noneAhead), "eu-west-1 lags by 6000 ms (limit 5000 ms; it shows 38)");
    }

    @Test
    void refusesARegionWhileAnotherOneIsAhead() {
        String caches = PulseReport.cache("us-east-1", false, 0) + "," + PulseReport.cache("ap-southeast-1", true, 39);

        assertRefused(REPLICA.behind(38, 6000).seeing(caches), "it shows 38, ap-southeast-1 shows 39");
    }

    @Test
    void promotesARegionThatLagsLikeAllBecauseTheHomeIsGone() {
        String caches = PulseReport.cache("us-east-1", false, 0) + "," + PulseReport.cache("ap-southeast-1", true, 38);
        aws.answers(STATUS, REPLICA.behind(38, 600_000).seeing(caches).json(), WRITABLE.json(), HOME.json());

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out()).contains("behind by 2 entries (600000 ms), and no cache that answers is ahead");
    }

    @Test
    void refusesAnEmptyCacheAnUnknownLedgerAndForcesThem() {
        assertRefused(REPLICA.empty(), "the cache in eu-west-1 is empty");
        assertRefused(REPLICA.withoutLedger(), "the ledger is out of reach from eu-west-1");

        aws.answers(STATUS, REPLICA.behind(38, 6000).json(), WRITABLE.json(), HOME.json());
        Script.Run forced = promote("--yes", "--force");
        assertThat(forced.status()).as(forced.all()).isZero();
        assertThat(forced.out()).contains("forced in spite of: eu-west-1 lags");
    }

    @Test
    void refusesAnUnreachableCacheEvenWhenForced() {
        aws.answers(STATUS, REPLICA.unreachable().json());

        Script.Run run = promote("--yes", "--force");

        assertThat(run.status()).as(run.all()).isEqualTo(3);
        assertThat(run.err()).contains("the cache in eu-west-1 is unreachable");
        assertThat(aws.changes()).isEmpty();
    }

    @Test
    void printsAndChangesNothingInADryRun() {
        Script.Run run = promote("--dry-run", "--disassociate");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(run.out())
                .contains(
                        "aws " + FAIL_OVER_CALL,
                        "aws " + DISASSOCIATE_CALL,
                        "\"action\":\"promote\"",
                        "nothing was changed");
        assertThat(aws.calls()).hasSize(2).allMatch(call -> call.contains("describe-") || call.contains("status"));
    }

    @Test
    void refusesWithoutATerminalAndAsksAtOne() {
        aws.answers(STATUS, REPLICA.json());
        Script.Run alone = promote();
        assertThat(alone.status()).as(alone.all()).isEqualTo(3);
        assertThat(alone.err()).contains("there is no terminal to ask at; give --yes");

        Script.Run no = scripts.typing("no\n", "promote", "eu-west-1");
        assertThat(no.status()).as(no.all()).isEqualTo(3);
        assertThat(no.out()).contains("Make eu-west-1 the home? Type yes:", "not confirmed");
        assertThat(aws.changes()).isEmpty();

        Script.Run yes = scripts.typing("yes\n", "promote", "eu-west-1", "--timeout", "1");
        assertThat(aws.changes()).as(yes.all()).containsExactly(FAIL_OVER_CALL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    REFUSED                                       | 1 | region-pulse refused: it lags
                    NOT-WRITABLE                                  | 4 | is not writable; run this again
                    DRY-RUN                                       | 1 | answered 'dry-run'
                    function-error:{"errorMessage":"ledger gone"} | 1 | region-pulse failed: ledger gone
                    function-error:Killed                         | 1 | did not answer JSON
                    []                                            | 1 | something else than a report
                    ELSEWHERE                                     | 1 | answered for us-east-1, not for eu-west-1
                    STRANGE                                       | 1 | whose cache.lagMs is 'soon'
                    error:Read timeout on endpoint URL            | 1 | Read timeout
                    """)
    void endsWithThePulsesReason(String answer, int status, String message) {
        aws.answers(
                PROMOTE,
                switch (answer) {
                    case "REFUSED", "NOT-WRITABLE", "DRY-RUN" ->
                        HOME.outcome(answer.toLowerCase(Locale.ROOT)).json();
                    case "ELSEWHERE" ->
                        HOME.json().replace("\"region\":\"eu-west-1\",\"at\"", "\"region\":\"us-east-1\",\"at\"");
                    case "STRANGE" -> HOME.json().replace("\"lagMs\":0", "\"lagMs\":\"soon\"");
                    default -> answer;
                });

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isEqualTo(status);
        assertThat(run.err()).contains(message);
    }

    @Test
    void hasTheSelfManagedPulseDoItAndNobodyElse() {
        aws.answers(
                STATUS,
                REPLICA.selfManaged().json(),
                WRITABLE.selfManaged().json(),
                HOME.selfManaged().json());

        Script.Run run = promote("--yes");

        assertThat(run.status()).as(run.all()).isZero();
        assertThat(aws.calls()).allMatch(call -> call.startsWith("lambda invoke --region eu-west-1 "));
        assertThat(run.out()).contains("\"force\":false");
    }

    @Test
    void showsWhereTheRecordIsAndGoesOnWithoutRoute53() {
        aws.answers("route53.list-resource-record-sets.us-east-1", record("burgee-us-east-1.cache.internal"));
        Script.Run behind = promote("--yes", "--zone", "Z0BURGEE", "--record", "primary.burgee.internal");
        assertThat(behind.status()).as(behind.all()).isZero();
        assertThat(behind.out()).contains("burgee-us-east-1.cache.internal (not burgee-eu-west-1 yet");

        aws.answers("route53.list-resource-record-sets.us-east-1", "error:Could not connect to the endpoint URL")
                .answers(STATUS, REPLICA.json(), WRITABLE.json(), HOME.json());
        Script.Run silent = promote("--yes", "--zone", "Z0BURGEE", "--record", "primary.burgee.internal");
        assertThat(silent.status()).as(silent.all()).isZero();
        assertThat(silent.out()).contains("not known: Could not connect");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                | which region?
                    EU                                | 'EU' is not a region code such as eu-west-1
                    eu-west-1 us-east-1               | one region at a time
                    eu-west-1 --lag-max-ms -1         | --lag-max-ms takes a whole number from 0 to 86400000, not '-1'
                    eu-west-1 --lag-max-ms            | --lag-max-ms needs a value
                    eu-west-1 --timeout 0             | --timeout takes a whole number from 1 to 3600, not '0'
                    eu-west-1 --profile serverless    | --profile is global-datastore or self-managed, not 'serverless'
                    eu-west-1 --yess                  | unknown option --yess
                    """)
    void refusesBadArguments(String arguments, String message) {
        Script.Run run = scripts.run("promote", arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(run.status()).as(run.all()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(aws.calls()).isEmpty();
    }

    private void assertRefused(PulseReport report, String reason) {
        aws.answers(STATUS, report.json());
        Script.Run run = promote("--yes");
        assertThat(run.status()).as(run.all()).isEqualTo(3);
        assertThat(run.err()).contains(reason, "--force");
        assertThat(aws.changes()).isEmpty();
    }

    private Script.Run promote(String... options) {
        var arguments = new ArrayList<String>(List.of("eu-west-1"));
        arguments.addAll(List.of(options));
        return scripts.run("promote", arguments.toArray(new String[0]));
    }

    private static String datastore(String status) {
        return """
                {"GlobalReplicationGroups":[{"GlobalReplicationGroupId":"ldgnf-burgee","Status":"%s","Members":[\
                {"ReplicationGroupId":"burgee-us-east-1","ReplicationGroupRegion":"us-east-1","Role":"PRIMARY"},\
                {"ReplicationGroupId":"burgee-eu-west-1","ReplicationGroupRegion":"eu-west-1","Role":"SECONDARY"}]}]}""".formatted(status);
    }

    private static String record(String value) {
        return """
                {"ResourceRecordSets":[{"Name":"primary.burgee.internal.","Type":"CNAME","TTL":10,\
                "ResourceRecords":[{"Value":"%s"}]}]}""".formatted(value);
    }
}
