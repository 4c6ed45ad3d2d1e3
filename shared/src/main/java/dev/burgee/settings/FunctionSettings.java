package dev.burgee.settings;

import dev.burgee.auth.Scope;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What both HTTP functions are told by their environment. Immutable.
 *
 * @param keysSecret empty only when everybody may read and nothing else is served
 * @param adminTokens whether the API in front checks a token before it lets anybody at an admin route
 */
public record FunctionSettings(
        CommonSettings common,
        Optional<String> keysSecret,
        boolean openReads,
        boolean adminTokens,
        List<String> corsOrigins) {
    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?");

    public FunctionSettings {
        corsOrigins = List.copyOf(corsOrigins);
    }

    /**
     * Reads and checks.
     *
     * @param served the widest scope among the function's routes
     * @throws dev.burgee.failure.MisconfiguredException naming everything that is wrong or missing
     */
    public static FunctionSettings from(Environment environment, Scope served) {
        boolean openReads = environment.isTrue("BURGEE_OPEN_READS");
        boolean adminTokens = environment.isTrue("BURGEE_ADMIN_TOKENS");
        Optional<String> keysSecret = openReads && served != Scope.ADMIN
                ? environment.text("BURGEE_KEYS_SECRET")
                : environment.requiredText("BURGEE_KEYS_SECRET");
        List<String> origins = origins(environment);
        return new FunctionSettings(CommonSettings.from(environment), keysSecret, openReads, adminTokens, origins);
    }

    private static List<String> origins(Environment environment) {
        List<String> origins = environment.list("BURGEE_CORS_ORIGINS");
        origins.stream()
                .filter(origin -> !ORIGIN.matcher(origin).matches())
                .forEach(origin -> environment.problem(
                        "BURGEE_CORS_ORIGINS",
                        "has " + Environment.shown(origin)
                                + ", but must have origins such as https://admin.example.com," + " or *"));
        return origins;
    }
}
