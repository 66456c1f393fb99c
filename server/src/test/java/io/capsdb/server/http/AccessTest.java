package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Database;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every route with every kind of key, from the route table.
class AccessTest {
  private static final String WRITER = "the-key-that-may-write";
  private static final String SECOND = "the-second-key-to-write";
  private static final String READER = "the-key-that-may-read";
  private static final Set<String> OPEN = Set.of("/", "/healthz", "/livez", "/readyz");

  private static ApiClient client() {
    return new ApiClient(
        Database.inMemory(),
        HttpConfig.defaults("0.1.0-test")
            .withAccess(
                Access.OPEN
                    .with(Access.Key.of("first", Access.Role.WRITE, WRITER))
                    .with(Access.Key.of("second", Access.Role.WRITE, SECOND))
                    .with(Access.Key.of("read-only", Access.Role.READ, READER))));
  }

  private static int status(ApiClient client, Route route, String... headers) {
    String path = route.path().replaceAll("\\{[^}]*}", "7");
    byte[] body = route.hasBody() ? "{}".getBytes(StandardCharsets.UTF_8) : new byte[0];
    return client.raw(route.method(), path, body, headers).status();
  }

  @Test
  void everyRouteAsksForItsKey() {
    try (ApiClient client = client()) {
      List<Route> routes = Routes.all(new InFlight(), new byte[0]);
      assertThat(routes).hasSizeGreaterThan(40);
      for (Route route : routes) {
        String what = route.method() + " " + route.path();
        boolean isWrite = route.place() == Route.Place.WRITER;
        int without = OPEN.contains(route.path()) ? 200 : 401;
        assertThat(status(client, route)).as(what).isEqualTo(without);
        assertThat(status(client, route, "api-key", "wrong")).as(what).isEqualTo(without);
        assertThat(status(client, route, "Authorization", "Bearer " + WRITER + "x"))
            .as(what)
            .isEqualTo(without);
        if (isWrite) {
          assertThat(status(client, route, "api-key", READER)).as(what).isEqualTo(403);
        } else {
          assertThat(status(client, route, "api-key", READER)).as(what).isNotIn(401, 403);
        }
        assertThat(status(client, route, "api-key", WRITER)).as(what).isNotIn(401, 403);
        assertThat(status(client, route, "Authorization", "Bearer " + SECOND))
            .as(what)
            .isNotIn(401, 403);
      }
    }
  }

  @Test
  void refusalsArePlainTextAndTellNothing() {
    try (ApiClient client = client()) {
      ApiClient.Reply unknown = client.get("/collections");
      assertThat(unknown.header("Content-Type")).startsWith("text/plain");
      assertThat(unknown.text()).contains("API key").doesNotContain("{");
      assertThat(client.get("/nowhere").status()).isEqualTo(401);
      assertThat(client.raw("GET", "/nowhere", new byte[0], "api-key", READER).status())
          .isEqualTo(404);
    }
  }

  @Test
  void keysAreKeptAsHashes() {
    Access.Key key = Access.Key.of("first", Access.Role.WRITE, WRITER);
    assertThat(new String(key.hash(), StandardCharsets.ISO_8859_1)).doesNotContain(WRITER);
    assertThat(key.hash()).hasSize(32);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> Access.Key.of("first", Access.Role.WRITE, "short"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 characters");
  }

  @Test
  void numbersAreForPrometheus() {
    try (ApiClient client = new ApiClient()) {
      client.fill("films", "Dot", "[{'id':1,'vector':[1,0,0,0]}]");
      client.post("/collections/films/points/query", "{'query':[1,0,0,0]}");
      client.get("/collections/nowhere");
      ApiClient.Reply reply = client.get("/metrics");
      assertThat(reply.header("Content-Type")).startsWith("text/plain");
      assertThat(reply.text())
          .contains("app_info{name=\"capsdb\",version=\"0.1.0-test\"} 1")
          .contains("collections_total 1\n")
          .contains("collection_points{id=\"films\"} 1")
          .contains(
              "rest_responses_total{method=\"GET\",endpoint=\"get_collection\",status=\"404\"} 1")
          .contains("caps_search_seconds_count{matching=\"above 50 %\",plan=\"exact\"} 1")
          .contains("caps_queue_depth{pool=\"writers\"} 0.0");
      assertThat(client.get("/telemetry").result().at("/collections/points").asInt()).isOne();
      assertThat(client.get("/cluster").result().get("status").asText()).isEqualTo("disabled");
    }
  }
}
