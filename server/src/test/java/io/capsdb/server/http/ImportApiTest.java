package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Database;
import io.capsdb.testdata.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Points that come one a line, as many as you like.
@Timeout(120)
class ImportApiTest {
  private static final String IMPORT = "/collections/films/points/import";

  private static ApiClient client(HttpConfig config) {
    ApiClient client = new ApiClient(Database.inMemory(), config);
    client.fill("films", "Dot", "[{'id':1,'vector':[1,2,3,4]}]");
    return client;
  }

  private static HttpConfig small() {
    return HttpConfig.defaults("0.1.0")
        .withMaxBodyBytes(100_000)
        .withMaxBodiesInFlightBytes(400_000);
  }

  /// Makes lines while they are read: none of them is held.
  private static final class Endless extends InputStream {
    private static final String FILLING = "x".repeat(400);

    private final long lines;
    private final AtomicLong made;
    private byte[] line = {};
    private int at;

    Endless(long lines, AtomicLong made) {
      this.lines = lines;
      this.made = made;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (at == line.length) {
        if (made.get() == lines) {
          return -1;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50 && made.get() < lines; i++) {
          long id = made.incrementAndGet();
          text.append("{\"id\":").append(id);
          if (id % 1_000 != 0) {
            text.append(",\"vector\":[1,2,3,4],\"payload\":{\"n\":\"")
                .append(FILLING)
                .append("\"}");
          }
          text.append("}\n");
        }
        line = text.toString().getBytes(StandardCharsets.UTF_8);
        at = 0;
      }
      int count = Math.min(length, line.length - at);
      System.arraycopy(line, at, into, from, count);
      at += count;
      return count;
    }
  }

  private static HttpRequest request(ApiClient client, InputStream body) {
    return HttpRequest.newBuilder(client.uri(IMPORT))
        .header("Content-Type", "application/x-ndjson")
        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body))
        .build();
  }

  /// 20 MB through a server that allows bodies of 0.1 MB, and 0.4 MB of all together.
  @Test
  void aBodyMayBeLargerThanAnyBodyMayBe() throws Exception {
    try (ApiClient client = client(small())) {
      HttpResponse<String> response =
          client.http.send(
              request(client, new Endless(45_000, new AtomicLong())),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      JsonNode result = ApiDocument.JSON.readTree(response.body()).get("result");
      assertThat(result.get("stored").asInt()).isEqualTo(44_955);
      assertThat(result.get("rejected").asInt()).isEqualTo(45);
      assertThat(result.get("rejects")).hasSize(45);
      assertThat(result.get("rejects").get(44).get("line").asInt()).isEqualTo(45_000);
      assertThat(client.post("/collections/films/points/count", "{}").result().get("count").asInt())
          .isEqualTo(44_955);
    }
  }

  /// What does not fit the collection is known only when the lines before and behind it are read.
  @Test
  void rejectsAreToldInTheOrderOfTheirLines() {
    try (ApiClient client = client(HttpConfig.defaults("0.1.0"))) {
      client.put(
          "/collections/bytes", "{'vectors':{'size':4,'distance':'Dot','datatype':'uint8'}}");
      StringBuilder lines = new StringBuilder();
      for (int i = 1; i <= 150; i++) {
        lines.append(i % 2 == 0 ? "no point\n" : "{'id':" + i + ",'vector':[999,0,0,0]}\n");
      }
      JsonNode result = client.post("/collections/bytes/points/import", lines.toString()).result();
      assertThat(result.get("rejected").asInt()).isEqualTo(150);
      assertThat(result.get("rejects")).hasSize(100);
      for (int i = 0; i < 100; i++) {
        assertThat(result.get("rejects").get(i).get("line").asInt()).isEqualTo(i + 1);
      }
    }
  }

  /// The client is read from only as fast as its lines are stored: here not at all at first, as all
  /// threads for it are taken.
  @Test
  void aClientWaitsWhereItIsFaster() throws Exception {
    List<RawHttp> slow = new ArrayList<>();
    try (ApiClient client = client(HttpConfig.defaults("0.1.0"))) {
      slow.addAll(slow(client, HttpServer.STREAMS));
      AtomicLong made = new AtomicLong();
      CompletableFuture<HttpResponse<String>> response =
          client.http.sendAsync(
              request(client, new Endless(100_000, made)), HttpResponse.BodyHandlers.ofString());
      // What is under way: 256 KiB here, and what the sockets of both sides hold.
      long before = -1;
      for (int i = 0; i < 200 && (made.get() == 0 || before != made.get()); i++) {
        before = made.get();
        Thread.sleep(100);
      }
      assertThat(made.get()).isBetween(1L, 60_000L);
      for (RawHttp raw : slow) {
        raw.close();
      }
      assertThat(response.get().statusCode()).as(response.get().body()).isEqualTo(200);
      assertThat(made.get()).isEqualTo(100_000);
    } finally {
      for (RawHttp raw : slow) {
        raw.close();
      }
    }
  }

  /// Clients that begin an import and send nothing.
  private static List<RawHttp> slow(ApiClient client, int count) throws IOException {
    List<RawHttp> slow = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RawHttp raw = new RawHttp(client.server.port());
      slow.add(raw);
      raw.send(
          "POST "
              + IMPORT
              + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
              + "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(100);
    }
    return slow;
  }

  @Test
  void linesBeforeABrokenConnectionStay() throws Exception {
    try (ApiClient client = client(HttpConfig.defaults("0.1.0"))) {
      try (RawHttp raw = new RawHttp(client.server.port())) {
        raw.send(
            "POST "
                + IMPORT
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
        StringBuilder lines = new StringBuilder();
        for (int i = 10; i < 2_010; i++) {
          lines.append("{\"id\":").append(i).append(",\"vector\":[1,2,3,4]}\n");
        }
        raw.send(Integer.toHexString(lines.length()) + "\r\n" + lines + "\r\n");
        awaitCount(client, 2_001);
      }
      // A thread is free again at once.
      for (int i = 0; i < 8; i++) {
        assertThat(client.raw("POST", IMPORT, "\n".getBytes(StandardCharsets.UTF_8)).status())
            .isEqualTo(200);
      }
    }
  }

  private static void awaitCount(ApiClient client, int count) throws InterruptedException {
    int found = 0;
    for (int i = 0; i < 1_000 && found != count; i++) {
      found = client.post("/collections/films/points/count", "{}").result().get("count").asInt();
      Thread.sleep(10);
    }
    assertThat(found).isEqualTo(count);
  }

  @Test
  void aBodyThatTricklesIsCutOff() throws Exception {
    HttpConfig hasty =
        small().withDeadlines(new HttpConfig.Deadlines(1_500, 1_500, 1_500, 2_000, 5_000));
    try (ApiClient client = client(hasty);
        RawHttp raw = new RawHttp(client.server.port())) {
      raw.send(
          "POST "
              + IMPORT
              + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
              + "Content-Length: 1000000\r\n\r\n");
      CompletableFuture<Void> trickle =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (true) {
                    raw.send("\n");
                    Thread.sleep(50);
                  }
                } catch (IOException | InterruptedException e) {
                  // That is what should happen.
                }
              },
              Thread::startVirtualThread);
      assertThat(raw.read().status()).isEqualTo(408);
      trickle.get();
    }
  }

  @Test
  void slowClientsTakeNoThreadOfOthersAndTooManyAreToldToComeBack() throws Exception {
    HttpConfig config = HttpConfig.defaults("0.1.0").withMaxBodiesInFlightBytes(1L << 30);
    List<RawHttp> slow = new ArrayList<>();
    try (ApiClient client = client(config)) {
      slow.addAll(slow(client, HttpServer.STREAMS + HttpServer.MAX_WAITING_STREAMS));
      ApiClient.Reply reply = client.raw("POST", IMPORT, new byte[] {'\n'});
      for (int i = 0; i < 500 && reply.status() != 429; i++) {
        Thread.sleep(10);
        reply = client.raw("POST", IMPORT, new byte[] {'\n'});
      }
      assertThat(reply.status()).isEqualTo(429);
      assertThat(client.post("/collections/films/points/count", "{}").status()).isEqualTo(200);
      assertThat(
              client
                  .put("/collections/films/points", "{'points':[{'id':2,'vector':[1,2,3,4]}]}")
                  .status())
          .isEqualTo(200);
      for (RawHttp raw : slow) {
        raw.close();
      }
    } finally {
      for (RawHttp raw : slow) {
        raw.close();
      }
    }
  }

  /// Whatever the pieces are in which lines come, and however long they are.
  @Test
  void linesAreFoundInPiecesOfAnySize() {
    Seed.repeat(
        200,
        random -> {
          StringBuilder text = new StringBuilder();
          List<String> expected = new ArrayList<>();
          int lines = random.nextInt(12);
          for (int i = 0; i < lines; i++) {
            String line = "l".repeat(random.nextInt(3) == 0 ? random.nextInt(40) : 3);
            boolean isLast = i + 1 == lines && random.nextBoolean();
            text.append(line).append(isLast ? "" : "\n");
            if (!isLast || !line.isEmpty()) {
              expected.add(line.length() > 20 ? "too long" : line);
            }
          }
          InputStream pieces =
              new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)) {
                @Override
                public synchronized int read(byte[] into, int from, int length) {
                  return super.read(into, from, Math.min(length, 1 + random.nextInt(9)));
                }
              };
          List<String> found = new ArrayList<>();
          LineInput in = new LineInput(pieces, 20);
          try {
            while (in.next()) {
              assertThat(in.number()).isEqualTo(found.size() + 1);
              found.add(
                  in.isTooLong()
                      ? "too long"
                      : new String(in.buffer(), in.from(), in.length(), StandardCharsets.UTF_8));
            }
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          assertThat(found).isEqualTo(expected);
        });
  }
}
