package dev.burgee.local;

import dev.burgee.region.Region;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * For {@code scripts/latency}: what a client in another region pays to reach the home region's API of a local world. Each
 * region gets an address that is as far from the home as the region is. Ends with its standard input.
 */
public final class DistanceMain {
    private static final int USAGE_ERROR = 2;

    private DistanceMain() {}

    /** Arguments: the port of the home's API, then regions. Prints {@code REGION PORT ONE-WAY-MS} for each. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(List.of(arguments), System.in, System.out, System.err));
    }

    static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) throws IOException {
        if (arguments.size() < 2 || !arguments.getFirst().matches("[1-9][0-9]{0,4}")) {
            err.println("usage: DistanceMain PORT REGION...");
            return USAGE_ERROR;
        }
        var geography = Geography.of(Geography.REGIONS_MAX, true);
        var home = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments.getFirst()));
        var proxies = new ArrayList<DelayProxy>();
        try {
            for (String region : arguments.subList(1, arguments.size())) {
                var oneWay = geography.oneWay(new Region(region), geography.home());
                var proxy = DelayProxy.to(home, DelayProxy.Delays.bothWays(oneWay));
                proxies.add(proxy);
                out.println(region + " " + proxy.port() + " " + oneWay.toMillis());
            }
            out.flush();
            // whoever started this holds the other end, and takes it along however it ends
            in.transferTo(OutputStream.nullOutputStream());
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("DistanceMain: " + e.getMessage());
            return USAGE_ERROR;
        } finally {
            proxies.forEach(DelayProxy::close);
        }
    }
}
