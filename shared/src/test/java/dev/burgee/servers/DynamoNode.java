package dev.burgee.servers;

import dev.burgee.ledger.LedgerTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in this process, in memory, on a free port of the loopback address. One database for all regions and all
 * credentials, so that calls signed for different regions reach one table, as those of a strongly consistent global table
 * do. Its native library comes out of its own jar. Thread-safe once started.
 */
public final class DynamoNode implements AutoCloseable {
    private final Server server;
    private final LocalDynamoDBServerHandler handler;
    private final ServerConnector connector;

    private DynamoNode() {
        // its own log4j2.xml writes to standard output, where the local world's own lines go
        Configurator.setAllLevels("", Level.OFF);
        // composed by hand and not by its ServerRunner: that one listens on all addresses, and reports its use to AWS
        handler = new LocalDynamoDBServerHandler(
                new LocalDynamoDBRequestHandler(0, /* runInMemory= */ true, null, /* sharedDb= */ true, false), null);
        var threads = new QueuedThreadPool(64);
        threads.setDaemon(true);
        threads.setName("dynamodb-local");
        server = new Server(threads);
        connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(0);
        server.addConnector(connector);
        server.setHandler(new ContextHandler(handler));
    }

    /** Starts a server of its own, empty. */
    public static DynamoNode start() {
        var node = new DynamoNode();
        try {
            node.server.start();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local does not start", e);
        }
        return node;
    }

    public int port() {
        return connector.getLocalPort();
    }

    public URI endpoint() {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /** A client for looking at tables from outside the code under test; the caller closes it. */
    public DynamoDbClient client() {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                // DynamoDB Local refuses key ids that are not letters and digits
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("burgee", "burgee")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** Creates an empty ledger table; it can be used at once. */
    public void createTable(String name) {
        try (DynamoDbClient client = client()) {
            client.createTable(LedgerTable.createTableRequest(name));
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local does not stop", e);
        }
        handler.close();
    }
}
