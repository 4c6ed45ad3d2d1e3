package dev.burgee.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failover.WireServer.Answer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** The query protocol of CloudWatch, API version 2010-08-01, in the shapes of its service model. */
final class CloudWatchLagIT {
    private static final Instant FROM = Instant.parse("2026-11-21T05:00:00Z");
    private static final Instant TO = Instant.parse("2026-11-21T05:05:00Z");

    private final WireServer server = new WireServer();
    private final AwsApi<CloudWatchClient> api =
            Wire.api("CloudWatch", server.address(), Duration.ofSeconds(10), CloudWatchClient::builder);
    private final CloudLag lag = new CloudWatchLag("burgee-euw1", api);

    @AfterEach
    void close() {
        api.forget();
        server.close();
    }

    private static Answer results(String members) {
        return Answer.of(
                200,
                "<GetMetricDataResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><GetMetricDataResult>"
                        + "<MetricDataResults>" + members + "</MetricDataResults>"
                        + "</GetMetricDataResult></GetMetricDataResponse>");
    }

    @Test
    void readsTheNewestFigureInSeconds() {
        server.say(results("<member><Id>lag</Id><Label>burgee-euw1-002</Label><StatusCode>Complete</StatusCode>"
                + "<Timestamps/><Values/></member>"
                + "<member><Id>lag</Id><Label>burgee-euw1-001</Label><StatusCode>Complete</StatusCode>"
                + "<Timestamps><member>2026-11-21T05:04:00Z</member><member>2026-11-21T05:03:00Z</member></Timestamps>"
                + "<Values><member>1.25</member><member>0.5</member></Values></member>"));

        assertThat(lag.newest(FROM, TO, Wire.ample())).contains(Duration.ofMillis(1_250));
        assertThat(server.requests())
                .singleElement()
                .asString()
                .contains(
                        "Action=GetMetricData",
                        "GlobalDatastoreReplicationLag",
                        "burgee-euw1",
                        "ScanBy=TimestampDescending",
                        "StartTime=2026-11-21T05%3A00%3A00Z");
    }

    @Test
    void noFigureIsNone() {
        server.say(results(""));

        assertThat(lag.newest(FROM, TO, Wire.ample())).isEmpty();
    }

    @Test
    void aRefusalIsAFailure() {
        server.say(Answer.of(
                403,
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>"
                        + "</ErrorResponse>"));

        assertThatThrownBy(() -> lag.newest(FROM, TO, Wire.ample()))
                .isInstanceOf(AwsFailureException.class)
                .hasMessageContaining("CloudWatch says AccessDenied");
    }
}
