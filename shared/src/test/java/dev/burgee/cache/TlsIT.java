package dev.burgee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.servers.RedisNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who is believed to be the cache, by a real server over TLS. Its certificate is for {@code localhost}, as a cluster's is
 * for its own name, and neither for the CNAME nor for an address.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TlsIT {
    private static final String TRUST = "javax.net.ssl.trustStore";
    private static final String TRUST_PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final String PASSWORD = "changeit";
    private static final String CNAME = "primary.burgee.internal";

    @TempDir
    static Path directory;

    private final RedisNode node = new RedisNode("tls", 0, "burgee", "secret");
    private int port;

    @BeforeAll
    static void makeCertificates() throws IOException, InterruptedException, GeneralSecurityException {
        certificate("server", "localhost");
        certificate("stranger", "localhost");
        KeyStore store = load(directory.resolve("server.p12"));
        pem("CERTIFICATE", "server.crt", store.getCertificate("server").getEncoded());
        pem(
                "PRIVATE KEY",
                "server.key",
                store.getKey("server", PASSWORD.toCharArray()).getEncoded());
    }

    /** A key and a certificate that it signed itself, as a store: also the one to trust it by. */
    private static void certificate(String name, String host) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        directory.resolve(name + ".p12").toString(),
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=burgee-" + name,
                        "-ext",
                        "san=dns:" + host)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void pem(String what, String file, byte[] content) throws IOException {
        String text = "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END " + what + "-----\n";
        Files.writeString(directory.resolve(file), text);
    }

    /** A store of certificates to trust, without keys. */
    private static void trust(String name) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(name, load(directory.resolve(name + ".p12")).getCertificate(name));
        Path file = directory.resolve("trust-" + name + ".p12");
        try (var out = Files.newOutputStream(file)) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        System.setProperty(TRUST, file.toString());
        System.setProperty(TRUST_PASSWORD, PASSWORD);
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        port = node.withTls(directory.resolve("server.crt"), directory.resolve("server.key"));
        node.start();
        trust("server");
    }

    @AfterEach
    void close() {
        System.clearProperty(TRUST);
        System.clearProperty(TRUST_PASSWORD);
        node.close();
    }

    private static CacheStanding ask(String scheme, String host, int port) {
        URI uri = URI.create(scheme + "://" + host + ":" + port);
        try (RedisCaches caches = new RedisCaches(
                CacheBench.topology(uri, "secret"), CacheBench.REGION, CacheBench.PATIENT, "burgee-test")) {
            return caches.of(CacheBench.REGION).standing();
        }
    }

    @Test
    void connectsByTheClustersOwnNameThoughTheCertificateDoesNotCoverTheCname() throws Exception {
        var certificate = (java.security.cert.X509Certificate)
                load(directory.resolve("server.p12")).getCertificate("server");
        assertThat(certificate.getSubjectAlternativeNames().toString())
                .contains("localhost")
                .doesNotContain(CNAME);

        assertThat(ask("rediss", "localhost", port).writable()).isTrue();
    }

    @Test
    void refusesANameThatTheCertificateDoesNotCover() {
        assertThatThrownBy(() -> ask("rediss", "127.0.0.1", port))
                .isInstanceOf(CacheUnavailableException.class)
                .hasMessageContaining("subject alternative names");
    }

    @Test
    void refusesACertificateOfAnUnknownAuthority() throws Exception {
        trust("stranger");

        assertThatThrownBy(() -> ask("rediss", "localhost", port))
                .isInstanceOf(CacheUnavailableException.class)
                .hasMessageContaining("gave no useful answer")
                .hasStackTraceContaining("PKIX path");
    }

    @Test
    void failsPlainlyWhereOneSideSpeaksTlsOnly() {
        assertThatThrownBy(() -> ask("redis", "localhost", port)).isInstanceOf(CacheUnavailableException.class);
        assertThatThrownBy(() -> ask("rediss", "localhost", node.port())).isInstanceOf(CacheUnavailableException.class);
    }
}
