package dev.burgee.secret;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Secrets in memory that can be out of reach, or slow. Thread-safe. */
public final class FakeSecretSource implements SecretSource {
    private final Map<String, String> secrets = new HashMap<>();
    private boolean down;
    private int fetches;
    private @Nullable CountDownLatch gate;

    @Override
    public String fetch(String id) {
        CountDownLatch wait;
        synchronized (this) {
            fetches++;
            wait = gate;
        }
        if (wait != null) {
            try {
                wait.await();
            } catch (InterruptedException e) {
                throw new SecretUnavailableException("interrupted", e);
            }
        }
        synchronized (this) {
            String text = secrets.get(id);
            if (down || text == null) {
                throw new SecretUnavailableException(
                        "secret " + id + (down ? " is out of reach" : " is missing"), null);
            }
            return text;
        }
    }

    public synchronized void put(String id, String text) {
        secrets.put(id, text);
    }

    public synchronized void setDown(boolean value) {
        down = value;
    }

    /** How often somebody asked. */
    public synchronized int fetches() {
        return fetches;
    }

    /** From now on fetches hang until the latch is opened. */
    synchronized CountDownLatch hang() {
        CountDownLatch latch = new CountDownLatch(1);
        gate = latch;
        return latch;
    }

    /** From now on fetches answer at once; those that hang stay hung until their latch is opened. */
    synchronized void unhang() {
        gate = null;
    }
}
