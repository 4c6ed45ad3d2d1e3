package dev.burgee.local;

/** Another process listens at the port that is asked for. */
final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortTakenException(int port, Throwable cause) {
        super("port " + port + " is taken: end what listens there, or choose others by --port", cause);
    }
}
