package dev.burgee.rehearsal;

import dev.burgee.aws.Credentials;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Plays a function's usual requests on a {@link Stage}, as often as fits into its time. Nothing that it does can be seen
 * outside: the function that plays is another one than the one that will serve, with its own variables and no output.
 */
public final class Rehearsal {
    /** The key of a caller who may do everything on a stage, and nothing elsewhere. */
    public static final String KEY = "rehearsal";

    /** Enough for the compiler to notice what is used; publishing a version takes minutes anyway. */
    private static final Duration TIME = Duration.ofSeconds(2);

    private static final int ROUNDS_MAX = 2_000;
    private static final int TLS_PORT = 6379;

    /** A function that plays. */
    public interface Cast {
        /** Plays its requests once. */
        void play() throws IOException;
    }

    /** How a function is made for a rehearsal. */
    public interface Casting {
        /**
         * Makes one.
         *
         * @param environment its variables
         * @param out takes its log and metrics, and keeps nothing
         */
        Cast cast(Map<String, String> environment, PrintStream out);
    }

    private Rehearsal() {}

    /**
     * Plays.
     *
     * @param environment the variables of the function that will serve
     * @throws IOException when the stage cannot be built, or an answer not be written
     * @throws RuntimeException that of the last round, when none went well
     */
    public static void play(Map<String, String> environment, Time time, Casting casting) throws IOException {
        try (Stage stage = Stage.build(environment, time)) {
            var out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            Cast cast = casting.cast(stage.environment(), out);
            rounds(cast, Deadline.after(TIME, time));
        }
        sayHello();
        Credentials.rehearse(environment);
    }

    /** A busy machine may spoil one or another. */
    private static void rounds(Cast cast, Deadline deadline) throws IOException {
        RuntimeException failure = null;
        int good = 0;
        for (int round = 0; round < ROUNDS_MAX && deadline.fits(Duration.ofMillis(1)); round++) {
            try {
                cast.play();
                good++;
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (good == 0 && failure != null) {
            throw failure;
        }
    }

    /** The beginning of a TLS handshake, to nobody: there is none on the stage, and much of it is made at the first. */
    private static void sayHello() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine("rehearsal", TLS_PORT);
            engine.setUseClientMode(true);
            engine.beginHandshake();
            engine.wrap(
                    ByteBuffer.allocate(0),
                    ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
        } catch (NoSuchAlgorithmException | SSLException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }
}
