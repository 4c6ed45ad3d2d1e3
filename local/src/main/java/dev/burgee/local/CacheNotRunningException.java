package dev.burgee.local;

/** The cache server is stopped or hangs, so that it cannot be told anything. */
final class CacheNotRunningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CacheNotRunningException(String message) {
        super(message);
    }
}
