package dev.burgee.http;

import dev.burgee.auth.KeyAuthenticator;
import dev.burgee.auth.KeyRing;
import dev.burgee.auth.Scope;
import dev.burgee.failure.UnauthorizedException;
import dev.burgee.foundation.Foundation;
import dev.burgee.foundation.Restore;
import dev.burgee.secret.RefreshingSecret;
import dev.burgee.settings.Environment;
import dev.burgee.settings.FunctionSettings;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What both HTTP functions stand on: the common foundation, and keys. Immutable.
 *
 * @param connect fetches the secrets and connects to this region's cache, for whoever will need them at once
 */
public record HttpFoundation(
        Foundation base,
        KeyAuthenticator authenticator,
        boolean adminTokens,
        List<String> corsOrigins,
        Restore.Play connect) {
    public HttpFoundation {
        corsOrigins = List.copyOf(corsOrigins);
    }

    /**
     * Lays it.
     *
     * @param function the function's short name, for example {@code read-flag}
     * @param served the widest scope among its routes
     * @param metricsEvery how often gathered metrics are written; zero: after each request
     * @param out where log lines and metrics go: standard output in Lambda
     * @throws dev.burgee.failure.MisconfiguredException naming every setting that is wrong or missing
     */
    public static HttpFoundation lay(
            Map<String, String> environment, String function, Scope served, Duration metricsEvery, PrintStream out) {
        FunctionSettings settings = FunctionSettings.from(new Environment(environment), served);
        Foundation common = Foundation.lay(settings.common(), environment, function, metricsEvery, out);
        Optional<RefreshingSecret<KeyRing>> keys =
                settings.keysSecret().map(id -> common.secret("keys", id, KeyRing::parse));
        var authenticator = new KeyAuthenticator(
                () -> {
                    // whoever passes will need it: a cold start waits for both secrets at once
                    common.topology().prefetch();
                    return ring(keys);
                },
                settings.openReads());
        Restore.Play connect = () -> {
            // both at once
            keys.ifPresent(RefreshingSecret::prefetch);
            common.connect();
            keys.ifPresent(RefreshingSecret::get);
        };
        return new HttpFoundation(
                common.forgetting(() -> keys.ifPresent(RefreshingSecret::invalidate)),
                authenticator,
                settings.adminTokens(),
                settings.corsOrigins(),
                connect);
    }

    /** The edge of a function with these routes. */
    public HttpEdge edge(List<Route> routes) {
        return new HttpEdge(new HttpEdge.Parts(
                routes, authenticator, adminTokens, corsOrigins, base.metrics(), base.log(), base.time()));
    }

    private static KeyRing ring(Optional<RefreshingSecret<KeyRing>> keys) {
        return keys.orElseThrow(() -> new UnauthorizedException("no keys are configured"))
                .get();
    }
}
