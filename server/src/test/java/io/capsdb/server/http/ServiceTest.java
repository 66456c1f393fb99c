package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// What holds for all routes: paths, origins, packing, faults.
class ServiceTest {
  private static final HttpConfig CONFIG = HttpConfig.defaults("0.1.0");

  /// They are asked for as long as the server runs.
  @Test
  void gaugesShowNumbersAlsoAfterMemoryWasFreed() {
    try (ApiClient own = new ApiClient()) {
      System.gc();
      assertThat(own.get("/metrics").text())
          .contains("caps_queue_depth{pool=\"readers\"} 0")
          .contains("caps_requests_in_flight{pool=\"all\"} ")
          .doesNotContain("NaN");
    }
  }

  @Test
  void theRootTellsVersions() {
    try (ApiClient client =
        new ApiClient(Database.inMemory(), CONFIG.withCommit("0123456789".repeat(4)))) {
      JsonNode root = client.get("/").json();
      assertThat(root.toString())
          .isEqualTo(
              "{\"title\":\"CapsDB\",\"version\":\"1.19.0\",\"commit\":\"%s\",\"capsdb_version\":\"0.1.0\"}"
                  .formatted("0123456789".repeat(4)));
    }
  }

  @Test
  void theDocumentIsServed() {
    try (ApiClient client = new ApiClient()) {
      ApiClient.Reply reply = client.get("/openapi.json");
      assertThat(reply.json().get("openapi").asText()).startsWith("3.1");
      assertThat(reply.json().at("/paths/~1collections/get/operationId").asText())
          .isEqualTo("get_collections");
    }
  }

  @Test
  void slashesDoNotMatter() {
    try (ApiClient client = new ApiClient()) {
      assertThat(client.get("/collections/").status()).isEqualTo(200);
      assertThat(client.get("//collections//").status()).isEqualTo(200);
    }
  }

  @Test
  void headAndOptionsAreServed() {
    try (ApiClient client = new ApiClient()) {
      ApiClient.Reply head = client.raw("HEAD", "/healthz", new byte[0]);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.text()).isEmpty();
      assertThat(head.header("Content-Length")).isEqualTo("20");
      ApiClient.Reply options = client.raw("OPTIONS", "/collections/a", new byte[0]);
      assertThat(options.status()).isEqualTo(204);
      assertThat(options.header("Allow")).isEqualTo("DELETE, GET, HEAD, PATCH, PUT");
      assertThat(client.raw("OPTIONS", "/nowhere", new byte[0]).status()).isEqualTo(404);
    }
  }

  @Test
  void pagesOfOtherOriginsMayAskUnlessForbidden() {
    String preflight =
        """
        OPTIONS /collections/a HTTP/1.1
        Host: x
        Origin: http://page
        Access-Control-Request-Method: PUT
        Access-Control-Request-Headers: content-type, api-key

        """
            .replace("\n", "\r\n");
    String simple = "GET /collections HTTP/1.1\r\nHost: x\r\nOrigin: http://page\r\n\r\n";
    try (ApiClient open = new ApiClient(Database.inMemory(), CONFIG);
        ApiClient closed = new ApiClient(Database.inMemory(), CONFIG.withCors(false))) {
      ApiClient.Reply allowed = RawHttp.exchange(open.server.port(), preflight);
      assertThat(allowed.status()).isEqualTo(204);
      assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(allowed.header("Access-Control-Allow-Methods")).contains("PUT");
      assertThat(allowed.header("Access-Control-Allow-Headers")).isEqualTo("content-type, api-key");
      assertThat(RawHttp.exchange(open.server.port(), simple).header("Access-Control-Allow-Origin"))
          .isEqualTo("*");
      ApiClient.Reply refused = RawHttp.exchange(closed.server.port(), preflight);
      assertThat(refused.header("Access-Control-Allow-Origin")).isEmpty();
      assertThat(refused.header("Access-Control-Allow-Methods")).isEmpty();
    }
  }

  @Test
  void longAnswersArePackedForThoseWhoTakeIt() throws Exception {
    try (ApiClient client = new ApiClient()) {
      ApiClient.Reply plain = client.get("/openapi.json");
      HttpResponse<byte[]> packed =
          client.http.send(
              HttpRequest.newBuilder(client.uri("/openapi.json"))
                  .header("Accept-Encoding", "gzip, deflate")
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(packed.body().length).isLessThan(plain.text().length() / 3);
      assertThat(unpack(packed.body())).isEqualTo(plain.text());
      ApiClient.Reply unwanted =
          client.raw("GET", "/openapi.json", new byte[0], "Accept-Encoding", "gzip;q=0, identity");
      assertThat(unwanted.header("Content-Encoding")).isEmpty();
    }
  }

  @Test
  void brotliIsTakenBeforeGzipWhereBothAreLikedAsMuch() throws Exception {
    try (ApiClient client = new ApiClient()) {
      ApiClient.Reply plain = client.get("/openapi.json");
      HttpResponse<byte[]> packed =
          client.http.send(
              HttpRequest.newBuilder(client.uri("/openapi.json"))
                  .header("Accept-Encoding", "gzip, deflate, br")
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("br");
      assertThat(packed.headers().firstValue("Vary")).hasValue("Accept-Encoding");
      byte[] unpacked =
          com.aayushatharva.brotli4j.decoder.Decoder.decompress(packed.body())
              .getDecompressedData();
      assertThat(new String(unpacked, StandardCharsets.UTF_8)).isEqualTo(plain.text());
      assertThat(client.get("/healthz").header("Content-Encoding")).isEmpty();
    }
  }

  @Test
  void codingIsChosenByItsWeight() {
    assertThat(Packing.wanted(null)).isEqualTo(Packing.NONE);
    assertThat(Packing.wanted("identity")).isEqualTo(Packing.NONE);
    assertThat(Packing.wanted("br")).isEqualTo(Packing.BROTLI);
    assertThat(Packing.wanted("BR ; q=0.5, gzip;q=0.8")).isEqualTo(Packing.GZIP);
    assertThat(Packing.wanted("gzip;q=0, br;q=0.1")).isEqualTo(Packing.BROTLI);
    assertThat(Packing.wanted("br;q=0, gzip;q=0.000")).isEqualTo(Packing.NONE);
    assertThat(Packing.wanted("br;q=x, gzip")).isEqualTo(Packing.GZIP);
  }

  private static String unpack(byte[] packed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aFaultOfOursIsToldByAnIdThatIsInTheLog() {
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(Dispatcher.class.getName());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    TestClock clock = new TestClock();
    HttpConfig config = CONFIG.withNanoClock(clock);
    try (ApiClient client = new ApiClient(Database.inMemory(), config)) {
      clock.failOnce(new UnsupportedOperationException("a secret of io.capsdb in /var/lib"));
      ApiClient.Reply reply = client.get("/collections");
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.text()).doesNotContain("secret", "Exception", "/var");
      String id = reply.error().replaceAll(".* id ", "");
      assertThat(id).matches("[0-9a-z]+-1");
      assertThat(records).hasSize(1);
      assertThat(records.getFirst().getMessage()).contains(id, "get_collections");
      assertThat(records.getFirst().getThrown()).hasMessageContaining("a secret");
      assertThat(client.get("/collections").status()).isEqualTo(200);
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
  }

  @Test
  void aClosedDatabaseIsNotServed() {
    try (ApiClient client = new ApiClient()) {
      client.database.close();
      ApiClient.Reply reply = client.get("/collections");
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.error()).contains("stopping");
      assertThat(client.post("/collections/films/points/count", "{}").status()).isEqualTo(503);
    }
  }

  @Test
  void aReadOnlyDatabaseRefusesWrites(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) {
    try (ApiClient first = new ApiClient(Database.open(folder), CONFIG)) {
      first.fill("films", "Dot", "[{'id':1,'vector':[1,2,3,4]}]");
    }
    try (ApiClient second = new ApiClient(Database.openReadOnly(folder), CONFIG)) {
      assertThat(second.get("/collections/films/points/1").status()).isEqualTo(200);
      for (ApiClient.Reply reply :
          List.of(
              second.put("/collections/films/points", "{'points':[{'id':2,'vector':[1,2,3,4]}]}"),
              second.post("/collections/films/points/delete", "{'points':[1]}"),
              second.put("/collections/other", "{}"),
              second.delete("/collections/films"))) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.error()).contains("read-only");
      }
    }
  }
}
