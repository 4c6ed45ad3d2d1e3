package dev.burgee.failover;

import dev.burgee.aws.AwsClients;
import dev.burgee.region.Region;
import dev.burgee.tier.Retry;
import dev.burgee.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Calls of one AWS API: each within its deadline, backing off while the API is busy, with failures that name the API and
 * its error code. The client is made by the first call and can be forgotten, so that no socket and no credentials get into
 * a snapshot. Thread-safe.
 *
 * @param <C> the SDK's client
 */
final class AwsApi<C extends SdkAutoCloseable> {
    /**
     * What all APIs of a function have in common.
     *
     * @param environment may name other endpoints, see {@link AwsClients}
     * @param random for the waits between tries
     */
    record Base(Region region, Map<String, String> environment, RandomGenerator random) {}

    /**
     * An API.
     *
     * @param name for people
     * @param endpoint its name in {@code AWS_ENDPOINT_URL_…}
     * @param limit on one call
     * @param waitsMax before each further try while it is busy
     */
    record Api(String name, String endpoint, Duration limit, List<Duration> waitsMax) {}

    /** Less than this is no time to ask in. */
    private static final Duration LEAST = Duration.ofMillis(20);

    private static final int SERVER_ERROR = 500;

    private final Api api;
    private final Retry retry;
    private final Supplier<C> make;

    // guarded by this
    private @Nullable C client;

    private AwsApi(Api api, RandomGenerator random, Supplier<C> make) {
        this.api = api;
        this.retry = new Retry(api.waitsMax, random);
        this.make = make;
    }

    static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable> AwsApi<C> of(
            Api api, Base base, Supplier<B> builder) {
        return new AwsApi<>(
                api,
                base.random,
                // one attempt gets half of a client's limit: so one attempt may take the call's whole limit
                () -> AwsClients.build(
                        builder.get(), base.region, api.limit.multipliedBy(2), base.environment, api.endpoint));
    }

    /**
     * Calls, and again while the API is busy and there is time.
     *
     * @param call gets the client and what the request must carry
     * @throws AwsFailureException naming the API, and its error code if there is one
     */
    <T> T call(Deadline deadline, BiFunction<C, AwsRequestOverrideConfiguration, T> call) {
        return retry.call(AwsBusyException.class, deadline, () -> {}, () -> once(deadline, call));
    }

    private <T> T once(Deadline deadline, BiFunction<C, AwsRequestOverrideConfiguration, T> call) {
        Duration limit = deadline.cap(api.limit);
        if (limit.compareTo(LEAST) < 0) {
            throw new AwsFailureException(api.name + " was not asked again: no time is left", null);
        }
        try {
            return call.apply(
                    client(),
                    AwsRequestOverrideConfiguration.builder()
                            .apiCallTimeout(limit)
                            .build());
        } catch (AwsServiceException e) {
            String message = api.name + " says " + code(e);
            throw isBusy(e) ? new AwsBusyException(message, e) : new Refusal(message, code(e), e);
        } catch (ApiCallTimeoutException | ApiCallAttemptTimeoutException e) {
            throw new AwsFailureException(api.name + " did not answer within " + limit.toMillis() + " ms", e);
        } catch (SdkException e) {
            throw new AwsFailureException(
                    api.name + " was not reached, or sent what is no answer ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    /** Closes the connections; the next call makes new ones. */
    synchronized void forget() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private synchronized C client() {
        if (client == null) {
            client = make.get();
        }
        return client;
    }

    /** A refusal that waiting does not change. */
    static final class Refusal extends AwsFailureException {
        private static final long serialVersionUID = 1L;

        private final String code;

        Refusal(String message, String code, Throwable cause) {
            super(message, cause);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    private static boolean isBusy(AwsServiceException e) {
        return e.isThrottlingException() || e.statusCode() >= SERVER_ERROR || code(e).equals("PriorRequestNotComplete");
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null
                        || e.awsErrorDetails().errorCode() == null
                        || e.awsErrorDetails().errorCode().isBlank()
                ? "status " + e.statusCode()
                : e.awsErrorDetails().errorCode();
    }
}
