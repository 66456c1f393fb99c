package io.capsdb.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestClientTest {
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private HttpServer server;
  private RestClient client;

  private record Answer(int status, String retryAfter, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          Answer answer = answers.remove();
          if (!answer.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().add("Retry-After", answer.retryAfter());
          }
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    client =
        new RestClient(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"), pauses::add);
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void overloadedServerIsAskedAgainAfterTheTimeItNames() throws Exception {
    answer(429, "3", "{\"status\":{\"error\":\"too much\"}}");
    answer(503, "", "");
    answer(429, "86400", "");
    answer(200, "", "{\"result\":{\"count\":5}}");
    assertThat(client.count("c", Optional.empty())).isEqualTo(5);
    assertThat(pauses)
        .containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  @Test
  void serverThatStaysOverloadedIsGivenUp() {
    for (int i = 0; i < 60; i++) {
      answer(429, "1", "{\"status\":{\"error\":\"too much\"}}");
    }
    assertThatThrownBy(() -> client.count("c", Optional.empty()))
        .isInstanceOf(RestException.class)
        .hasMessage("too much");
    assertThat(pauses).hasSize(59);
  }

  @Test
  void errorsAreToldInTheServersWords() {
    answer(422, "", "{\"status\":{\"error\":\"limit: value 0 invalid\"},\"time\":0.0}");
    assertThatThrownBy(() -> client.query("c", RestClient.object()))
        .hasMessage("limit: value 0 invalid")
        .satisfies(e -> assertThat(((RestException) e).isRequestAtFault()).isTrue());
    answer(502, "", "<html>\nBad gateway");
    assertThatThrownBy(() -> client.query("c", RestClient.object()))
        .hasMessage("status 502: <html>")
        .satisfies(e -> assertThat(((RestException) e).isRequestAtFault()).isFalse());
  }

  @Test
  void missingCollectionIsEmpty() throws Exception {
    answer(404, "", "{\"status\":{\"error\":\"no\"}}");
    assertThat(client.collection("c")).isEmpty();
  }

  @Test
  void namesAreEncodedInPaths() throws Exception {
    answer(404, "", "");
    assertThat(client.collection("a/b c")).isEmpty();
    assertThat(requests).containsExactly("GET /collections/a%2Fb%20c");
  }

  @Test
  void unreachableServerIsNamed() {
    server.stop(0);
    assertThatThrownBy(() -> client.collection("c"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot reach http://127.0.0.1:")
        .hasMessageContaining("does a server run there");
  }

  private void answer(int status, String retryAfter, String body) {
    answers.add(new Answer(status, retryAfter, body));
  }
}
