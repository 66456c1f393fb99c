package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/// A real server on a free port, and a client whose every answer is held against the document.
final class ApiClient implements AutoCloseable {
  private static final ApiDocument DOCUMENT = new ApiDocument();

  final Database database;
  final HttpServer server;
  final HttpClient http = HttpClient.newHttpClient();
  private final Router router = new Router(Routes.all(new InFlight(), new byte[0]));

  /// What came back.
  record Reply(int status, String text, HttpResponse<byte[]> response) {
    JsonNode json() {
      try {
        return ApiDocument.JSON.readTree(text);
      } catch (IOException e) {
        throw new UncheckedIOException(text, e);
      }
    }

    JsonNode result() {
      assertThat(status).as(text).isEqualTo(200);
      return json().get("result");
    }

    String error() {
      return json().at("/status/error").asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  ApiClient() {
    this(Database.inMemory(), HttpConfig.defaults("0.1.0-test"));
  }

  ApiClient(Database database, HttpConfig config) {
    this.database = database;
    this.server = HttpServer.start(database, config.withPort(0));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  Reply get(String path) {
    return send("GET", path, "");
  }

  Reply put(String path, String body) {
    return send("PUT", path, body);
  }

  Reply post(String path, String body) {
    return send("POST", path, body);
  }

  Reply delete(String path) {
    return send("DELETE", path, "");
  }

  /// @param body single quotes stand for double ones
  Reply send(String method, String path, String body) {
    return raw(
        method, path, body.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  Reply raw(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (body.length > 0 && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
      Reply reply =
          new Reply(
              response.statusCode(),
              new String(response.body(), java.nio.charset.StandardCharsets.UTF_8),
              response);
      check(method, path, reply);
      return reply;
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Holds an answer against the schema of its operation, an error against that of errors.
  private void check(String method, String path, Reply reply) {
    String type = reply.header("Content-Type");
    if (!type.equals("application/json") || !reply.header("Content-Encoding").isEmpty()) {
      return;
    }
    ApiDocument.Operation operation;
    try {
      Router.Match match = router.match(method, path.replaceAll("\\?.*", ""));
      operation = DOCUMENT.operation(match.route().operation());
    } catch (Problem e) {
      operation = DOCUMENT.operation("root");
      assertThat(reply.status()).as(path).isGreaterThanOrEqualTo(400);
    }
    DOCUMENT.requireFit(
        DOCUMENT.answerSchema(operation, reply.status()),
        reply.json(),
        method + " " + path + " " + reply.status());
  }

  /// A collection of 4 dimensions with these points.
  void fill(String collection, String distance, String points) {
    assertThat(
            put(
                    "/collections/" + collection,
                    "{'vectors':{'size':4,'distance':'" + distance + "'}}")
                .status())
        .isEqualTo(200);
    assertThat(
            put("/collections/" + collection + "/points?wait=true", "{'points':" + points + "}")
                .status())
        .isEqualTo(200);
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
    server.close();
    database.close();
  }
}
