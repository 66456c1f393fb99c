package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Database;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS, and a new certificate while the server runs.
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;

  /// A certificate of its own making.
  private record Own(HttpConfig.Tls.Pem pem, X509Certificate certificate) {}

  private Own make(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(output).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Certificate certificate = keys.getCertificate("own");
    return new Own(
        new HttpConfig.Tls.Pem(
            pem("CERTIFICATE", certificate.getEncoded()),
            pem("PRIVATE KEY", keys.getKey("own", PASSWORD).getEncoded())),
        (X509Certificate) certificate);
  }

  private static byte[] pem(String kind, byte[] content) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return ("-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Whether a client that trusts one certificate only gets an answer.
  private static boolean isAnswered(int port, X509Certificate trusted) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("trusted", trusted);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/healthz")).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aNewCertificateIsTakenWhileTheServerRuns() throws Exception {
    Own first = make("first");
    Own second = make("second");
    AtomicReference<Own> current = new AtomicReference<>(first);
    HttpConfig config =
        HttpConfig.defaults("0.1.0-test")
            .withPort(0)
            .withTls(() -> current.get().pem())
            .withDeadlines(new HttpConfig.Deadlines(5_000, 5_000, 5_000, 5_000, 5_000, 5_000, 50));
    try (Database database = Database.inMemory();
        HttpServer server = HttpServer.start(database, config)) {
      assertThat(isAnswered(server.port(), first.certificate())).isTrue();
      assertThat(isAnswered(server.port(), second.certificate())).isFalse();
      current.set(second);
      boolean isTaken = false;
      for (int i = 0; i < 100 && !isTaken; i++) {
        Thread.sleep(50);
        isTaken = isAnswered(server.port(), second.certificate());
      }
      assertThat(isTaken).isTrue();
      assertThat(isAnswered(server.port(), first.certificate())).isFalse();
    }
  }

  /// Long before the ten seconds that the library would wait.
  @Test
  void whoDoesNotShakeHandsInTimeIsCutOff() throws Exception {
    Own own = make("own");
    HttpConfig config =
        HttpConfig.defaults("0.1.0-test")
            .withPort(0)
            .withTls(own::pem)
            .withDeadlines(new HttpConfig.Deadlines(300, 5_000, 5_000, 5_000, 5_000));
    try (Database database = Database.inMemory();
        HttpServer server = HttpServer.start(database, config);
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      silent.setSoTimeout(5_000);
      assertThat(silent.getInputStream().readAllBytes()).hasSizeLessThan(100);
    }
  }
}
