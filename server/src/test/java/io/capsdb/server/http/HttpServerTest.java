package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.Database;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class HttpServerTest {
  @Test
  void answersWhatItIs() throws Exception {
    try (Database database = Database.inMemory();
        HttpServer server = HttpServer.start(database, HttpConfig.defaults("0.1.0").withPort(0));
        HttpClient client = HttpClient.newHttpClient()) {
      URI root = URI.create("http://127.0.0.1:" + server.port() + "/");
      String answer =
          client.send(HttpRequest.newBuilder(root).build(), BodyHandlers.ofString()).body();
      assertThat(answer)
          .contains(
              "\"title\":\"CapsDB\"", "\"version\":\"1.19.0\"", "\"capsdb_version\":\"0.1.0\"");
      for (String path : new String[] {"healthz", "livez", "readyz"}) {
        assertThat(
                client
                    .send(
                        HttpRequest.newBuilder(root.resolve(path)).build(), BodyHandlers.ofString())
                    .statusCode())
            .isEqualTo(200);
      }
    }
  }

  @Test
  void saysThatThePortIsTaken() {
    try (Database database = Database.inMemory();
        HttpServer first = HttpServer.start(database, HttpConfig.defaults("0.1.0").withPort(0))) {
      HttpConfig same = HttpConfig.defaults("0.1.0").withPort(first.port());
      assertThatThrownBy(() -> HttpServer.start(database, same))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + first.port());
    }
  }
}
