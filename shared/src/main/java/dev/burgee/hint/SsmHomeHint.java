package dev.burgee.hint;

import dev.burgee.aws.AwsClients;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/**
 * A parameter of SSM's Parameter Store, which has no conditional write: an epoch is read before a greater one is put. The
 * client is built by the first call, so that no socket and no credentials get into a snapshot. Thread-safe.
 */
public final class SsmHomeHint implements HomeHint, AutoCloseable {
    private static final Set<String> THROTTLING =
            Set.of("ThrottlingException", "Throttling", "TooManyUpdates", "RequestLimitExceeded");

    private final String name;
    private final Region region;
    private final Duration limit;
    private final Map<String, String> environment;

    // guarded by this
    private @Nullable SsmClient client;

    /**
     * @param name of the parameter, for example {@code /burgee/prod/home}
     * @param limit on one call, retries included; an announcement is two calls
     * @param environment may name another endpoint: {@code AWS_ENDPOINT_URL_SSM} or {@code AWS_ENDPOINT_URL}
     */
    public SsmHomeHint(String name, Region region, Duration limit, Map<String, String> environment) {
        this.name = name;
        this.region = region;
        this.limit = limit;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Reading read() {
        try {
            String text = client().getParameter(request -> request.name(name))
                    .parameter()
                    .value();
            return Hint.parse(text)
                    .<Reading>map(Reading.Found::new)
                    .orElseGet(() -> new Reading.Unreadable(
                            "parameter " + name + " in " + region + " is not {\"region\",\"epoch\",\"since\"}"));
        } catch (ParameterNotFoundException _) {
            return new Reading.Missing();
        } catch (SdkException e) {
            return new Reading.Failed(why(e), problem("read", e));
        }
    }

    @Override
    public Announced announce(Hint hint) {
        return switch (read()) {
            case Reading.Found(Hint there) when there.epoch() >= hint.epoch() -> new Announced.Kept(there.epoch());
            case Reading.Found _, Reading.Unreadable _ -> put(hint, true);
            case Reading.Missing _ -> put(hint, false);
            case Reading.Failed(Why why, String problem) -> new Announced.Failed(why, problem);
        };
    }

    private Announced put(Hint hint, boolean overwrite) {
        try {
            client().putParameter(request -> request.name(name)
                    .type(ParameterType.STRING)
                    .value(hint.toJson())
                    .overwrite(overwrite));
            return new Announced.Written();
        } catch (ParameterAlreadyExistsException e) {
            return new Announced.Failed(
                    Why.THROTTLED, "parameter " + name + " in " + region + " was created by somebody else just now");
        } catch (SdkException e) {
            return new Announced.Failed(why(e), problem("written", e));
        }
    }

    private static Why why(SdkException e) {
        if (!(e instanceof AwsServiceException refusal)) {
            return Why.OUT_OF_REACH;
        }
        String code = code(refusal);
        if (code.startsWith("AccessDenied") || code.equals("UnrecognizedClientException")) {
            return Why.DENIED;
        }
        return refusal.isThrottlingException() || THROTTLING.contains(code) ? Why.THROTTLED : Why.REFUSED;
    }

    private String problem(String done, SdkException e) {
        String what = "parameter " + name + " could not be " + done + ": SSM in " + region;
        return e instanceof AwsServiceException refusal
                ? what + " says " + code(refusal)
                : what + " did not answer within " + limit.toMillis() + " ms, or could not be asked ("
                        + e.getClass().getSimpleName() + ")";
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? String.valueOf(e.statusCode())
                : e.awsErrorDetails().errorCode();
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private synchronized SsmClient client() {
        if (client == null) {
            client = AwsClients.build(SsmClient.builder(), region, limit, environment, "SSM");
        }
        return client;
    }
}
