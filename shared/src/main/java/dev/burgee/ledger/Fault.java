package dev.burgee.ledger;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** What a failed call tells about the thing that was asked for. */
enum Fault {
    /** Table, permission or key schema: asking again does not help, and nothing was written. */
    MISCONFIGURED,
    /** It surely was not done: refused, throttled, or never connected. */
    NOT_DONE,
    /** It may have been done, or may be done yet, and it took all the time that it was given. */
    TIMED_OUT,
    /** It may have been done, or may be done yet. */
    UNCLEAR;

    private static final Set<String> MISCONFIGURED_CODES = Set.of(
            "ResourceNotFoundException",
            "AccessDeniedException",
            "ValidationException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "IncompleteSignatureException",
            "MissingAuthenticationTokenException");

    static Fault of(RuntimeException e) {
        if (e instanceof AwsServiceException answer) {
            if (MISCONFIGURED_CODES.contains(code(answer))) {
                return MISCONFIGURED;
            }
            return answer.statusCode() >= 400 && answer.statusCode() < 500 ? NOT_DONE : UNCLEAR;
        }
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return TIMED_OUT;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (neverConnected(cause)) {
                return NOT_DONE;
            }
            if (cause instanceof SocketTimeoutException) {
                return TIMED_OUT;
            }
        }
        return UNCLEAR;
    }

    static String code(AwsServiceException e) {
        @Nullable AwsErrorDetails details = e.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null ? "status " + e.statusCode() : code;
    }

    private static boolean neverConnected(Throwable cause) {
        return switch (cause) {
            case ConnectException _, UnknownHostException _, NoRouteToHostException _, SSLHandshakeException _ -> true;
            case SocketTimeoutException timeout ->
                String.valueOf(timeout.getMessage()).toLowerCase(Locale.ROOT).startsWith("connect");
            default -> false;
        };
    }
}
