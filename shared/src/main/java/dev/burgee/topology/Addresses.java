package dev.burgee.topology;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The rules of the addresses in a topology. Messages never quote one: it may have a password in it. */
final class Addresses {
    static final int REDIS_PORT = 6379;
    private static final int PORT_MAX = 65_535;

    private Addresses() {}

    /** A cache's address with its port, without user and path; empty when it is not {@code redis[s]://host[:port]}. */
    static Optional<URI> cache(String text) {
        return parse(text)
                .filter(uri -> "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
                .filter(Addresses::isPlain)
                .map(uri -> URI.create(uri.getScheme() + "://" + uri.getHost() + ":"
                        + (uri.getPort() == -1 ? REDIS_PORT : uri.getPort())));
    }

    /** An endpoint of an AWS API; empty when it is not {@code http[s]://host[:port]}. */
    static Optional<URI> endpoint(String text) {
        return parse(text)
                .filter(uri -> "http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                .filter(uri -> uri.getRawUserInfo() == null && isPlain(uri));
    }

    /** The name and password that an address carries, percent-decoded: {@code name:password}. */
    static Optional<String> userInfo(String text) {
        return parse(text).map(URI::getUserInfo);
    }

    static boolean isTls(URI cache) {
        return "rediss".equals(cache.getScheme());
    }

    /** A host, perhaps a port, and nothing that would be dropped in silence; database 0 is the only one there is. */
    private static boolean isPlain(URI uri) {
        String path = uri.getRawPath();
        return uri.getHost() != null
                && uri.getPort() != 0
                && uri.getPort() <= PORT_MAX
                && (path == null || path.isEmpty() || path.equals("/") || path.equals("/0"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
    }

    private static Optional<URI> parse(String text) {
        try {
            return Optional.of(new URI(text.strip()));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }
}
