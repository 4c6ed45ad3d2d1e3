package dev.burgee.failover;

import dev.burgee.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;

/**
 * ElastiCache's {@code GlobalDatastoreReplicationLag} in CloudWatch, in seconds by its documentation. It is searched for by
 * the group's name, since the documentation does not say by which dimensions it is kept. Thread-safe.
 */
final class CloudWatchLag implements CloudLag {
    private static final int PERIOD_SECONDS = 60;
    private static final double MILLIS = 1_000;

    private final String group;
    private final AwsApi<CloudWatchClient> api;

    /**
     * Asks nothing yet.
     *
     * @param group id of this region's own replication group
     */
    CloudWatchLag(String group, AwsApi<CloudWatchClient> api) {
        this.group = group;
        this.api = api;
    }

    @Override
    public Optional<Duration> newest(Instant from, Instant to, Deadline deadline) {
        MetricDataQuery query = MetricDataQuery.builder()
                .id("lag")
                .expression("SEARCH('Namespace=\"AWS/ElastiCache\" MetricName=\"GlobalDatastoreReplicationLag\" "
                        + group + "', 'Maximum', " + PERIOD_SECONDS + ")")
                .build();
        // of several nodes the first that has a figure: their group is one
        return api
                .call(
                        deadline,
                        (client, options) -> client.getMetricData(request -> request.startTime(from)
                                        .endTime(to)
                                        .scanBy(ScanBy.TIMESTAMP_DESCENDING)
                                        .metricDataQueries(query)
                                        .overrideConfiguration(options))
                                .metricDataResults())
                .stream()
                .map(MetricDataResult::values)
                .filter(values -> !values.isEmpty())
                .findFirst()
                .map(values -> Duration.ofMillis(Math.round(values.getFirst() * MILLIS)));
    }
}
