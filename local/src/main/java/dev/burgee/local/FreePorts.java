package dev.burgee.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * Ports for servers that are stopped and started again at the same address. Below the ranges from which systems take the
 * ports of outgoing connections (Linux 32768, macOS 49152), so that none of those takes it in between.
 */
final class FreePorts {
    private static final int MIN = 21_000;
    private static final int BOUND = 32_000;
    private static final int TRIES = 200;

    private final RandomGenerator random;

    FreePorts(RandomGenerator random) {
        this.random = random;
    }

    int next() {
        for (int i = 0; i < TRIES; i++) {
            int port = random.nextInt(MIN, BOUND);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken: another try
            }
        }
        throw new IllegalStateException("no free port was found between " + MIN + " and " + BOUND);
    }
}
