package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DelayProxyTest {
    private static final Duration ONE_WAY = Duration.ofMillis(40);
    /** For a busy machine; the delay itself is exact to about 1 ms, as the median below shows. */
    private static final long SLACK_MS = 150;

    private static final int READ_LIMIT_MS = 20_000;

    private EchoServer echo = EchoServer.start();

    @BeforeEach
    void warmUp() throws IOException {
        try (var proxy = proxy(DelayProxy.Delays.NONE);
                var client = connect(proxy)) {
            roundTrip(client, 1);
        }
    }

    @AfterEach
    void close() {
        echo.close();
    }

    @Test
    void delaysEachDirectionByItsOwnTime() throws IOException {
        try (var proxy = proxy(new DelayProxy.Delays(Duration.ofMillis(30), Duration.ofMillis(50)));
                var client = connect(proxy)) {
            roundTrip(client, 1);

            long[] millis = LongStream.range(0, 11)
                    .map(_ -> roundTripMs(client))
                    .sorted()
                    .toArray();

            assertThat(millis[0]).isGreaterThanOrEqualTo(80);
            assertThat(millis[millis.length / 2]).isLessThanOrEqualTo(86);
        }
    }

    @Test
    void addsNothingWithoutADelay() throws IOException {
        try (var proxy = proxy(DelayProxy.Delays.NONE);
                var client = connect(proxy)) {
            long[] millis = LongStream.range(0, 101)
                    .map(_ -> roundTripMs(client))
                    .sorted()
                    .toArray();

            assertThat(millis[50]).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aNewConnectionCostsOneRoundTripMore() throws IOException {
        try (var proxy = proxy(DelayProxy.Delays.bothWays(ONE_WAY));
                var client = connect(proxy)) {
            assertThat(roundTripMs(client)).isBetween(155L, 160 + SLACK_MS);
            assertThat(roundTripMs(client)).isBetween(80L, 80 + SLACK_MS);
        }
    }

    @Test
    void delayDoesNotLimitThroughput() throws Exception {
        byte[] sent = randomBytes(24 * 1024 * 1024);
        try (var proxy = proxy(DelayProxy.Delays.bothWays(ONE_WAY));
                var client = connect(proxy)) {
            roundTrip(client, 1);
            long start = System.nanoTime();

            byte[] received = sendAndReceive(client, sent);

            // one sleep per 16 KiB chunk would be a minute
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(Arrays.equals(received, sent)).isTrue();
        }
    }

    @Test
    void manySmallChunksUnderWayAreNotDelayedByEachOther() throws IOException {
        try (var proxy = proxy(DelayProxy.Delays.bothWays(ONE_WAY));
                var client = connect(proxy)) {
            roundTrip(client, 1);
            long start = System.nanoTime();

            OutputStream out = client.getOutputStream();
            for (int i = 0; i < 50; i++) {
                out.write(i);
                out.flush();
            }
            byte[] received = client.getInputStream().readNBytes(50);

            assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis()).isLessThan(80 + SLACK_MS);
            for (int i = 0; i < 50; i++) {
                assertThat(received[i]).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void aShorterDelayLetsNothingOvertake() throws IOException {
        try (var proxy = proxy(DelayProxy.Delays.bothWays(Duration.ofMillis(200)));
                var client = connect(proxy)) {
            OutputStream out = client.getOutputStream();
            out.write(1);
            proxy.delay(DelayProxy.Delays.NONE);
            out.write(2);

            assertThat(client.getInputStream().readNBytes(2)).containsExactly(1, 2);
        }
    }

    @Test
    void holdsEverythingAndDeliversItInOrderOnceHealed() throws Exception {
        byte[] sent = randomBytes(200_000);
        try (var proxy = proxy(DelayProxy.Delays.bothWays(Duration.ofMillis(5)));
                var client = connect(proxy)) {
            roundTrip(client, 1);
            proxy.hold(true);
            client.getOutputStream().write(sent);
            client.setSoTimeout(300);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.hold(false);

            client.setSoTimeout(10_000);
            assertThat(Arrays.equals(client.getInputStream().readNBytes(sent.length), sent))
                    .isTrue();
        }
    }

    @Test
    void holdsTheEndOfAStreamToo() throws Exception {
        try (var proxy = proxy(DelayProxy.Delays.NONE);
                var client = connect(proxy)) {
            roundTrip(client, 1);
            proxy.hold(true);
            client.shutdownOutput();
            client.setSoTimeout(300);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.hold(false);

            client.setSoTimeout(10_000);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aConnectionThatIsOpenedWhileHeldIsAcceptedAndServedOnceHealed() throws Exception {
        try (var proxy = proxy(DelayProxy.Delays.NONE)) {
            proxy.hold(true);
            try (var client = connect(proxy)) {
                client.getOutputStream().write(7);
                client.setSoTimeout(300);
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

                proxy.hold(false);

                client.setSoTimeout(10_000);
                assertThat(client.getInputStream().read()).isEqualTo(7);
            }
        }
    }

    @Test
    void aConnectionThatIsGivenUpWhileHeldNeverReachesTheTarget() throws Exception {
        try (var proxy = proxy(DelayProxy.Delays.NONE)) {
            proxy.hold(true);
            int before = echo.accepted();
            try (var givenUp = connect(proxy)) {
                givenUp.getOutputStream().write(7);
            }
            // the next connection has gone the whole way, so the first would have as well
            try (var client = connect(proxy)) {
                client.getOutputStream().write(8);
                client.setSoTimeout(300);
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                proxy.hold(false);
                client.setSoTimeout(10_000);
                assertThat(client.getInputStream().read()).isEqualTo(8);
            }

            assertThat(echo.accepted()).isEqualTo(before + 1);
        }
    }

    @Test
    void refusesConnectsAndClosesOpenConnectionsUntilItIsStartedAgain() throws Exception {
        try (var proxy = proxy(DelayProxy.Delays.NONE);
                var client = connect(proxy)) {
            roundTrip(client, 1);

            proxy.refuse(true);

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> connect(proxy)).isInstanceOf(ConnectException.class);
            proxy.refuse(false);
            try (var again = connect(proxy)) {
                assertThat(roundTrip(again, 9)).isEqualTo(9);
            }
        }
    }

    @Test
    void aTargetThatDoesNotListenEndsTheConnection() throws Exception {
        int nobody;
        try (var closedAtOnce = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closedAtOnce.getLocalPort();
        }
        try (var proxy = DelayProxy.to(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), nobody), DelayProxy.Delays.NONE);
                var client = connect(proxy)) {
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    private DelayProxy proxy(DelayProxy.Delays delays) {
        return DelayProxy.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.port()), delays);
    }

    private static Socket connect(DelayProxy proxy) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setTcpNoDelay(true);
        // a read that blocks cannot be interrupted by the test's time-out
        socket.setSoTimeout(READ_LIMIT_MS);
        return socket;
    }

    private static int roundTrip(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        return client.getInputStream().read();
    }

    private static long roundTripMs(Socket client) {
        long start = System.nanoTime();
        try {
            assertThat(roundTrip(client, 5)).isEqualTo(5);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static byte[] sendAndReceive(Socket client, byte[] sent) throws Exception {
        InputStream in = client.getInputStream();
        CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
            try {
                return in.readNBytes(sent.length);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        client.getOutputStream().write(sent);
        return received.get();
    }

    private static byte[] randomBytes(int length) {
        var bytes = new byte[length];
        new Random(20261121).nextBytes(bytes);
        return bytes;
    }

    /** Sends back what it gets, until the other side's end. */
    private static final class EchoServer implements AutoCloseable {
        private final ServerSocket listener;
        private volatile int accepted;

        private EchoServer(ServerSocket listener) {
            this.listener = listener;
        }

        static EchoServer start() {
            try {
                var server = new EchoServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
                Thread.ofVirtual().start(server::acceptAll);
                return server;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        int accepted() {
            return accepted;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread accepts
        private void acceptAll() {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    accepted++;
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException e) {
                    // closed
                }
            }
        }

        private static void echo(Socket socket) {
            try (socket) {
                socket.setTcpNoDelay(true);
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException e) {
                // reset by the proxy
            }
        }

        @Override
        public void close() {
            try {
                listener.close();
            } catch (IOException e) {
                // closed is closed
            }
        }
    }
}
