package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Requests made of the document's examples and spoilt: whatever comes, the answer is one of those
/// that the document knows, tells nothing of the inside, and the server goes on.
class FuzzTest {
  private static final long SEED = 7_011_27;
  private static final int ROUND = 1_000;
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final List<String> INSIDE =
      List.of("Exception", "io.capsdb", "java.", "fasterxml", "io.vertx", "\tat ", ".java:");

  private final ApiDocument document = new ApiDocument();

  /// A good request.
  private record Good(String method, String path, JsonNode body) {}

  @Test
  void spoiltRequestsAreAnsweredWell() {
    fuzz(10_000);
  }

  @Test
  @Tag("nightly")
  void manySpoiltRequestsAreAnsweredWell() {
    fuzz(100_000);
  }

  private void fuzz(int requests) {
    SplittableRandom random = new SplittableRandom(SEED);
    JsonMutator mutator = new JsonMutator(random);
    List<Good> goods = goods();
    Map<Integer, Integer> statuses = new LinkedHashMap<>();
    try (ApiClient client = new ApiClient()) {
      for (int i = 0; i < requests; i++) {
        if (i % ROUND == 0) {
          prepare(client);
        }
        Good good = goods.get(random.nextInt(goods.size()));
        byte[] body = good.body().isMissingNode() ? new byte[0] : mutator.mutate(good.body());
        String path = random.nextInt(20) == 0 ? spoil(random, good.path()) : good.path();
        String what =
            i + ": " + good.method() + " " + path + " " + new String(body, StandardCharsets.UTF_8);
        long begin = System.nanoTime();
        ApiClient.Reply reply = client.raw(good.method(), path, body);
        assertThat(System.nanoTime() - begin).as(what).isLessThan(MOST_NANOS);
        statuses.merge(reply.status(), 1, Integer::sum);
        assertThat(reply.status() / 100).as("%s → %s", what, reply.text()).isIn(2, 4);
        if (reply.status() >= 400) {
          assertThat(INSIDE).as("%s → %s", what, reply.text()).noneMatch(reply.text()::contains);
          assertThat(reply.error()).as("%s → %s", what, reply.text()).isNotEmpty();
        }
      }
      prepare(client);
    }
    // Both kinds of answers, or the requests are spoilt too much or too little.
    assertThat(statuses.getOrDefault(200, 0)).isGreaterThan(requests / 20);
    assertThat(statuses.getOrDefault(400, 0)).isGreaterThan(requests / 4);
  }

  private List<Good> goods() {
    List<Good> goods = new ArrayList<>();
    for (ApiDocument.Operation operation : document.operations()) {
      String path =
          operation
              .path()
              .replace("{collection_name}", "one")
              .replace("{id}", "1")
              .replace("{field_name}", "city")
              .replace("{idset_name}", "seen")
              .replace("{snapshot_name}", "none");
      JsonNode examples = operation.node().at("/requestBody/content/application~1json/examples");
      if (examples.isMissingNode()) {
        goods.add(new Good(operation.method(), path, examples));
      }
      for (JsonNode example : examples) {
        // Several times: bodies are where the danger is.
        for (int i = 0; i < 6; i++) {
          goods.add(new Good(operation.method(), path, example.get("value")));
        }
      }
    }
    return goods;
  }

  private static String spoil(SplittableRandom random, String path) {
    return switch (random.nextInt(6)) {
      case 0 -> path + "?wait=maybe";
      case 1 -> path + "?timeout=-1&consistency=99999999999999999999";
      case 2 -> path + "/" + random.nextInt();
      case 3 -> path.replace("one", "..%2f..%2fetc");
      case 4 -> path.replace("one", "%00");
      default -> path + "?caps_recall_target=7&wait=true";
    };
  }

  /// Good requests work.
  private static void prepare(ApiClient client) {
    for (JsonNode each : client.get("/collections").result().get("collections")) {
      client.delete("/collections/" + each.get("name").asText());
    }
    client.fill(
        "one", "Cosine", "[{'id':1,'vector':[0.1,0.2,0.3,0.4],'payload':{'city':'Berlin'}}]");
    assertThat(
            client
                .post("/collections/one/points/query", "{'query':[0.1,0.2,0.3,0.4]}")
                .result()
                .get("points"))
        .hasSize(1);
  }

  @Test
  void bombsAreRefusedAtOnce() throws IOException {
    String query = "/collections/one/points/query";
    List<byte[]> bombs =
        List.of(
            bytes("[".repeat(100_000)),
            bytes("{\"filter\":" + "{\"must\":[".repeat(50_000)),
            bytes("{\"query\":\"" + "x".repeat(10 << 20) + "\"}"),
            bytes(keys(100_000)),
            bytes("{\"query\":[" + "1,".repeat(2_000_000)),
            bytes("{\"query\":1e" + "9".repeat(1_000_000) + "}"),
            new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'},
            zeros());
    try (ApiClient client = new ApiClient()) {
      prepare(client);
      client.post(query, "{'query':[1,2,3,4],'filter':{'must':[]}}");
      for (byte[] bomb : bombs) {
        boolean isPacked = bomb.length > 1 && bomb[0] == 0x1f;
        long begin = System.nanoTime();
        ApiClient.Reply reply =
            isPacked
                ? client.raw(
                    "POST",
                    query,
                    bomb,
                    "Content-Type",
                    "application/json",
                    "Content-Encoding",
                    "gzip")
                : client.raw("POST", query, bomb);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertThat(reply.status()).as(reply.text()).isBetween(400, 499);
        // The bar is 100 ms on a quiet machine; builds run on busy ones.
        assertThat(millis).as(reply.text()).isLessThan(2_000);
      }
      prepare(client);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String keys(int count) {
    StringBuilder keys = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      keys.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":1");
    }
    return keys.append('}').toString();
  }

  private static byte[] zeros() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(new byte[50 << 20]);
    }
    return packed.toByteArray();
  }
}
