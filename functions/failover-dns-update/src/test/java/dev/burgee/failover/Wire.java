package dev.burgee.failover;

import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Adapters' clients that go to a server of the test. */
final class Wire {
    static final Region HERE = new Region("eu-west-1");

    private Wire() {}

    static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable> AwsApi<C> api(
            String name, URI address, Duration limit, Supplier<B> builder) {
        Duration wait = Duration.ofMillis(5);
        return AwsApi.of(
                new AwsApi.Api(name, "TEST", limit, List.of(wait, wait, wait, wait)),
                new AwsApi.Base(HERE, Map.of("AWS_ENDPOINT_URL_TEST", address.toString()), new Random(1)),
                builder);
    }

    /** Far away: no test is about it, unless it says so. */
    static Deadline ample() {
        return Deadline.after(Duration.ofSeconds(30), new SystemTime());
    }

    static Deadline in(Duration duration) {
        return Deadline.after(duration, new SystemTime());
    }
}
