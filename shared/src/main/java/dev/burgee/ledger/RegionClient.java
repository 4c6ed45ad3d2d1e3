package dev.burgee.ledger;

import dev.burgee.region.Region;
import dev.burgee.tier.Breaker;
import dev.burgee.time.Time;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** One region of the ledger: its client, opened at the first call, and what became of the calls so far. Thread-safe. */
final class RegionClient implements AutoCloseable {
    /** For so long after a failure the other regions are asked first; as long as a breaker's first delay. */
    private static final Duration LAST_IN_LINE = Duration.ofSeconds(1);

    private final Region region;
    private final Optional<URI> endpoint;
    private final LedgerClients clients;
    private final Time time;
    private final Breaker breaker;
    private @Nullable DynamoDbClient client;
    private volatile @Nullable Long failedAtNanos;

    RegionClient(Region region, Optional<URI> endpoint, LedgerClients clients, Time time) {
        this.region = region;
        this.endpoint = endpoint;
        this.clients = clients;
        this.time = time;
        this.breaker = new Breaker(time);
    }

    Region region() {
        return region;
    }

    Breaker breaker() {
        return breaker;
    }

    synchronized DynamoDbClient client() {
        if (client == null) {
            client = clients.open(region, endpoint);
        }
        return client;
    }

    boolean failedJustNow() {
        Long at = failedAtNanos;
        return at != null && time.nanos() - at < LAST_IN_LINE.toNanos();
    }

    void succeeded() {
        failedAtNanos = null;
        breaker.success();
    }

    void failed() {
        failedAtNanos = time.nanos();
        breaker.failure();
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
