package dev.burgee.local;

import dev.burgee.region.Region;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * All ways between regions, each a {@link DelayProxy}, and the faults they have now. Faults are kept as sets and applied to
 * every link anew, so that they combine and heal in any order. Thread-safe.
 */
final class Network implements AutoCloseable {
    private final Geography geography;
    private final Map<Link, DelayProxy> proxies = new HashMap<>();
    private final Set<Region> isolated = new HashSet<>();
    private final Set<Region> stoppedLedgers = new HashSet<>();
    private final Map<Region, Duration> lags = new HashMap<>();

    Network(Geography geography) {
        this.geography = geography;
    }

    /** Builds a way to a server that listens at a port of the loopback; answers the way's own port. */
    synchronized int connect(Link link, int targetPort) {
        var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        DelayProxy proxy = DelayProxy.to(target, delays(link));
        proxies.put(link, proxy);
        apply(link, proxy);
        return proxy.port();
    }

    /** The port of a way that was built. */
    synchronized int port(Link link) {
        DelayProxy proxy = proxies.get(link);
        if (proxy == null) {
            throw new IllegalArgumentException("there is no " + link);
        }
        return proxy.port();
    }

    /** The address of a way that was built. */
    URI address(Link link, String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + port(link));
    }

    synchronized void isolate(Region region, boolean cut) {
        change(isolated, region, cut);
        applyAll();
    }

    synchronized boolean isIsolated(Region region) {
        return isolated.contains(region);
    }

    synchronized void stopLedger(Region region, boolean stopped) {
        change(stoppedLedgers, region, stopped);
        applyAll();
    }

    /** Delays replication into a region by so much more. */
    synchronized void lag(Region region, Duration more) {
        lags.put(region, more);
        applyAll();
    }

    synchronized void healAll() {
        isolated.clear();
        stoppedLedgers.clear();
        lags.clear();
        applyAll();
    }

    @Override
    public synchronized void close() {
        proxies.values().forEach(DelayProxy::close);
        proxies.clear();
    }

    private void applyAll() {
        proxies.forEach(this::apply);
    }

    private void apply(Link link, DelayProxy proxy) {
        proxy.delay(delays(link));
        proxy.refuse(link.kind() == Link.Kind.LEDGER && stoppedLedgers.contains(link.to()));
        proxy.hold(isCut(link));
    }

    private boolean isCut(Link link) {
        boolean eitherEnd = isolated.contains(link.from()) || isolated.contains(link.to());
        // a region's own way to its ledger endpoint is inside the region, but the endpoint is cut off from the other
        // ledger regions: with strong consistency it can commit nothing, and neither answer a consistent read
        return eitherEnd && (!link.from().equals(link.to()) || link.kind() == Link.Kind.LEDGER);
    }

    private DelayProxy.Delays delays(Link link) {
        Duration oneWay = geography.oneWay(link.from(), link.to());
        Duration more =
                link.kind() == Link.Kind.REPLICATION ? lags.getOrDefault(link.from(), Duration.ZERO) : Duration.ZERO;
        return new DelayProxy.Delays(oneWay, oneWay.plus(more));
    }

    private static void change(Set<Region> set, Region region, boolean in) {
        if (in) {
            set.add(region);
        } else {
            set.remove(region);
        }
    }
}
