package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Snapshots that are fetched from another server, one that means well or one that does not.
@Timeout(60)
class SnapshotUrlTest {
  private static final String RECOVER = "/collections/films/snapshots/recover";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicReference<String> key = new AtomicReference<>("");
  private final CountDownLatch isOver = new CountDownLatch(1);
  private com.sun.net.httpserver.HttpServer other;
  private ApiClient source;
  private ApiClient client;
  private JsonNode made;
  private byte[] bytes;

  @BeforeEach
  void open() throws IOException {
    source = new ApiClient();
    source.fill("films", "Dot", "[{'id':1,'vector':[1,2,3,4]}]");
    made = source.post("/collections/films/snapshots", "").result();
    bytes =
        source.get("/collections/films/snapshots/" + made.get("name").asText()).response().body();
    other =
        com.sun.net.httpserver.HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.setExecutor(command -> Thread.ofVirtual().start(command));
    other.createContext("/", this::answer);
    other.start();
    client =
        new ApiClient(
            io.capsdb.Database.inMemory(),
            HttpConfig.defaults("0.1.0-test")
                .withDeadlines(
                    new HttpConfig.Deadlines(5_000, 5_000, 5_000, 1_500, 5_000)
                        .withSnapshotMillis(4_000))
                .withSnapshots(
                    new HttpConfig.SnapshotSources(
                        Set.of("127.0.0.1:" + other.getAddress().getPort()), bytes.length)));
    client.fill("films", "Dot", "[{'id':7,'vector':[1,2,3,4]}]");
  }

  @AfterEach
  void close() {
    isOver.countDown();
    other.stop(0);
    source.close();
    client.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().getPath());
    String sent = exchange.getRequestHeaders().getFirst("api-key");
    key.set(sent == null ? "" : sent);
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/good" -> send(exchange, bytes.length, bytes);
        case "/chunked-and-long" -> send(exchange, 0, new byte[bytes.length + 100_000]);
        case "/long" -> send(exchange, bytes.length + 1L, new byte[bytes.length + 1]);
        case "/short" -> send(exchange, bytes.length, java.util.Arrays.copyOf(bytes, 100));
        case "/odd" ->
            send(exchange, 0, "no snapshot".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        case "/moved" -> {
          exchange.getResponseHeaders().set("Location", "/good");
          exchange.sendResponseHeaders(302, -1);
        }
        case "/slow" -> {
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes, 0, 10);
          exchange.getResponseBody().flush();
          isOver.await(30, TimeUnit.SECONDS);
        }
        case "/late" -> {
          isOver.await(2_500, TimeUnit.MILLISECONDS);
          send(exchange, bytes.length, bytes);
        }
        case "/silent" -> isOver.await(30, TimeUnit.SECONDS);
        default -> exchange.sendResponseHeaders(404, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, long length, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private ApiClient.Reply recover(String path, String more) {
    return client.put(RECOVER, "{'location':'" + url(path) + "'" + more + "}");
  }

  private String url(String path) {
    return "http://127.0.0.1:" + other.getAddress().getPort() + path;
  }

  private String ids() {
    return client
        .post("/collections/films/points/scroll", "{}")
        .result()
        .findValuesAsText("id")
        .toString();
  }

  @Test
  void collectionIsMadeFromAUrl() {
    String sum = made.get("checksum").asText();
    assertThat(recover("/good", ",'checksum':'" + sum + "','api_key':'secret-1'").status())
        .isEqualTo(200);
    assertThat(ids()).isEqualTo("[1]");
    assertThat(key.get()).isEqualTo("secret-1");
    assertThat(
            client
                .put("/collections/new/snapshots/recover", "{'location':'" + url("/good") + "'}")
                .status())
        .isEqualTo(200);
    assertThat(key.get()).isEmpty();
  }

  @Test
  void whatDoesNotComeAsItShouldChangesNothing() {
    for (List<String> each :
        List.of(
            List.of("/moved", "302, redirects are not followed"),
            List.of("/none", "answered with 404"),
            List.of("/long", "more than " + bytes.length + " bytes"),
            List.of("/chunked-and-long", "Wrong input"),
            List.of("/short", "Wrong input"),
            List.of("/odd", "Wrong input"))) {
      ApiClient.Reply reply = recover(each.getFirst(), "");
      assertThat(reply.status()).as("%s: %s", each, reply.text()).isEqualTo(400);
      assertThat(reply.error()).contains(each.getLast());
    }
    assertThat(recover("/good", ",'checksum':'" + "0".repeat(64) + "'").error())
        .contains("checksum");
    assertThat(ids()).isEqualTo("[7]");
  }

  @Test
  void recoveryMayTakeLongerThanOtherAnswers() {
    assertThat(recover("/late", "").result().asBoolean()).isTrue();
    assertThat(ids()).isEqualTo("[1]");
  }

  @Test
  void hostThatIsSlowIsGivenUp() {
    for (String path : List.of("/slow", "/silent")) {
      assertThat(recover(path, "").status()).as(path).isEqualTo(408);
    }
    assertThat(ids()).isEqualTo("[7]");
  }

  @Test
  void slowHostsKeepNoWritersFromOthers() throws Exception {
    List<Thread> slow = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      slow.add(Thread.ofVirtual().start(() -> recover("/silent", "")));
    }
    while (asked.size() < slow.size()) {
      Thread.sleep(10);
    }
    long begin = System.nanoTime();
    assertThat(
            client
                .put("/collections/films/points", "{'points':[{'id':8,'vector':[1,2,3,4]}]}")
                .status())
        .isEqualTo(200);
    assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.MILLISECONDS.toNanos(2_500));
    for (Thread thread : slow) {
      thread.join();
    }
  }

  @Test
  void lengthsThatAreNoneAreTold() throws IOException {
    try (java.net.ServerSocket odd =
        new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (java.net.Socket socket = odd.accept()) {
                  socket
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n"
                              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                  isOver.await(30, TimeUnit.SECONDS);
                } catch (IOException | InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      String host = "127.0.0.1:" + odd.getLocalPort();
      HttpConfig config =
          HttpConfig.defaults("0.1.0-test")
              .withSnapshots(new HttpConfig.SnapshotSources(Set.of(host), 1_000));
      try (ApiClient asking = new ApiClient(io.capsdb.Database.inMemory(), config)) {
        ApiClient.Reply reply = asking.put(RECOVER, "{'location':'http://" + host + "/x'}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error()).contains("location").doesNotContain("input string");
      }
    }
  }

  @Test
  void nobodyIsAskedWhomTheSettingsDoNotName() {
    for (String location :
        List.of(
            "http://169.254.169.254/latest/meta-data",
            "http://127.0.0.1/x",
            "http://127.0.0.1:1/x",
            "http://localhost:" + other.getAddress().getPort() + "/good",
            "https://127.0.0.2:" + other.getAddress().getPort() + "/good",
            "HTTP://[::1]/x")) {
      ApiClient.Reply reply = client.put(RECOVER, "{'location':'" + location + "'}");
      assertThat(reply.status()).as(location).isEqualTo(403);
      assertThat(reply.error()).contains("location", "snapshot-hosts");
    }
    assertThat(source.put(RECOVER, "{'location':'" + url("/good") + "'}").status()).isEqualTo(403);
    for (String location :
        List.of("http:///x", "http://u:p@127.0.0.1/x", "http://a b/", "http://")) {
      assertThat(client.put(RECOVER, "{'location':'" + location + "'}").status())
          .as(location)
          .isEqualTo(400);
    }
    assertThat(recover("/good", ",'api_key':'a\\nb'").status()).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @Test
  void hostsAreWrittenPlainly() {
    for (String host : List.of("*", "http://x", "X", "x:y", "a/b", "")) {
      assertThatIllegalArgumentException()
          .as(host)
          .isThrownBy(() -> new HttpConfig.SnapshotSources(Set.of(host), 1));
    }
  }
}
