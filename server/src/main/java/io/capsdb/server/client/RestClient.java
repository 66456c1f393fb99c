package io.capsdb.server.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.capsdb.formats.Json;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Talks to a server over REST. Each call blocks until it is answered; a server that is overloaded
/// (429, 503) is asked again after the time that it names. Safe for use by many threads.
public final class RestClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);
  private static final Duration EVALUATION_TIMEOUT = Duration.ofHours(12);

  /// With pauses of a second or more each, a server has at least this many seconds to recover.
  private static final int MAX_ATTEMPTS = 60;

  private static final long MAX_PAUSE_SECONDS = 30;

  private final URI base;
  private final Pause pause;
  private final Optional<String> apiKey;
  private final ObjectMapper json = new ObjectMapper(Json.factory());
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /// @param base for example `http://127.0.0.1:6333`; a path in it is kept
  public RestClient(URI base, Pause pause) {
    this(base, pause, Optional.empty());
  }

  /// @param base as above
  /// @param apiKey that each request carries
  public RestClient(URI base, Pause pause, Optional<String> apiKey) {
    this.apiKey = apiKey;
    String text = base.toString();
    this.base = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base;
    this.pause = pause;
  }

  /// A new JSON object, for requests.
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// An id as JSON.
  public static JsonNode id(PointId id) {
    return switch (id) {
      case PointId.Numeric(long value) when value >= 0 ->
          JsonNodeFactory.instance.numberNode(value);
      case PointId.Numeric numeric ->
          JsonNodeFactory.instance.numberNode(new java.math.BigInteger(numeric.toString()));
      case PointId.Uuid uuid -> TextNode.valueOf(uuid.toString());
    };
  }

  /// The collection of a name; empty when there is none.
  public Optional<CollectionState> collection(String name)
      throws IOException, InterruptedException {
    try {
      return Optional.of(CollectionState.of(call("GET", path(name, ""), BodyPublishers.noBody())));
    } catch (RestException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// @param distance `Cosine`, `Dot`, `Euclid` or `Manhattan`
  public void createCollection(String name, int dimension, String distance)
      throws IOException, InterruptedException {
    ObjectNode params = object();
    params.putObject("vectors").put("size", dimension).put("distance", distance);
    createCollection(name, params);
  }

  /// Creates a collection with vectors as another collection's configuration shows them.
  ///
  /// @param params its `vectors`, and `sparse_vectors` where it has some
  public void createCollection(String name, JsonNode params)
      throws IOException, InterruptedException {
    createCollection(name, params, 0);
  }

  /// @param params as above
  /// @param logIntervalMillis pause between two forces of its log; 0 for a force before each answer
  public void createCollection(String name, JsonNode params, int logIntervalMillis)
      throws IOException, InterruptedException {
    ObjectNode body = object();
    body.set("vectors", params.path("vectors"));
    if (params.path("sparse_vectors").isObject()) {
      body.set("sparse_vectors", params.path("sparse_vectors"));
    }
    if (logIntervalMillis > 0) {
      body.putObject("caps_config").put("log_interval_ms", logIntervalMillis);
    }
    call("PUT", path(name, ""), publisher(body));
  }

  /// Declares a payload field.
  ///
  /// @param schema a type, or an object with `type`
  public void declare(String collection, String field, JsonNode schema)
      throws IOException, InterruptedException {
    ObjectNode body = object().put("field_name", field);
    body.set("field_schema", schema);
    call("PUT", path(collection, "/index?wait=true"), publisher(body));
  }

  /// All that a server shows of a collection.
  public JsonNode info(String collection) throws IOException, InterruptedException {
    return call("GET", path(collection, ""), BodyPublishers.noBody());
  }

  /// Stores points as a body with `points` holds them, and returns when they are durable.
  public void upsert(String collection, JsonNode body) throws IOException, InterruptedException {
    call("PUT", path(collection, "/points?wait=true"), publisher(body));
  }

  /// Stores points and returns when they are durable.
  ///
  /// @param body as [PointBatch#body] makes it
  public void upsert(String collection, byte[] body) throws IOException, InterruptedException {
    call("PUT", path(collection, "/points?wait=true"), BodyPublishers.ofByteArray(body));
  }

  /// Searches; answers the whole `result`: `points`, and `caps` when a plan was asked for.
  public JsonNode query(String collection, ObjectNode body)
      throws IOException, InterruptedException {
    return call("POST", path(collection, "/points/query"), publisher(body));
  }

  /// Has the indexes of a collection measured; answers the whole `result`.
  public JsonNode evaluate(String collection, ObjectNode body)
      throws IOException, InterruptedException {
    // Another one that is running can take as long: telling is better than waiting.
    return call("POST", path(collection, "/evaluate"), publisher(body), EVALUATION_TIMEOUT, 1);
  }

  /// A page of points; answers the whole `result`: `points` and `next_page_offset`.
  public JsonNode scroll(String collection, ObjectNode body)
      throws IOException, InterruptedException {
    return call("POST", path(collection, "/points/scroll"), publisher(body));
  }

  /// Number of points that match.
  public long count(String collection, Optional<JsonNode> filter)
      throws IOException, InterruptedException {
    ObjectNode body = object().put("exact", true);
    filter.ifPresent(given -> body.set("filter", given));
    return call("POST", path(collection, "/points/count"), publisher(body)).path("count").asLong();
  }

  /// Reads a JSON text, strictly.
  ///
  /// @throws IOException if it is malformed
  public JsonNode parse(String text) throws IOException {
    return json.readTree(text);
  }

  private BodyPublisher publisher(JsonNode body) throws IOException {
    return BodyPublishers.ofByteArray(json.writeValueAsBytes(body));
  }

  private static String path(String collection, String rest) {
    String name = URLEncoder.encode(collection, StandardCharsets.UTF_8).replace("+", "%20");
    return "/collections/" + name + rest;
  }

  private JsonNode call(String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    return call(method, path, body, ANSWER_TIMEOUT, MAX_ATTEMPTS);
  }

  private JsonNode call(
      String method, String path, BodyPublisher body, Duration timeout, int attempts)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .method(method, body);
    apiKey.ifPresent(key -> request.header("api-key", key));
    HttpResponse<byte[]> response = send(request.build(), attempts);
    if (response.statusCode() / 100 != 2) {
      throw new RestException(response.statusCode(), errorText(response));
    }
    return json.readTree(response.body()).path("result");
  }

  private HttpResponse<byte[]> send(HttpRequest request, int attempts)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      HttpResponse<byte[]> response;
      try {
        response = http.send(request, BodyHandlers.ofByteArray());
      } catch (ConnectException e) {
        throw new IOException(
            "cannot reach " + base + ": " + reason(e) + "; does a server run there (capsdb serve)?",
            e);
      }
      boolean isOverloaded = response.statusCode() == 429 || response.statusCode() == 503;
      if (!isOverloaded || attempt == attempts) {
        return response;
      }
      pause.sleep(Duration.ofSeconds(retryAfterSeconds(response)));
    }
  }

  private static String reason(ConnectException e) {
    if (e.getCause() instanceof UnresolvedAddressException
        || (e.getCause() != null
            && e.getCause().getCause() instanceof UnresolvedAddressException)) {
      return "unknown host";
    }
    return e.getMessage() == null ? "connection refused" : e.getMessage();
  }

  private static long retryAfterSeconds(HttpResponse<byte[]> response) {
    String text = response.headers().firstValue("Retry-After").orElse("1");
    return text.matches("[0-9]{1,6}") ? Math.clamp(Long.parseLong(text), 1, MAX_PAUSE_SECONDS) : 1;
  }

  /// What the server says went wrong: the error of our envelope, or the beginning of another text.
  private String errorText(HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8).strip();
    try {
      String error = json.readTree(text).path("status").path("error").asText("");
      if (!error.isEmpty()) {
        return error;
      }
    } catch (IOException _) {
      // Not our envelope: some other server, or a proxy. Its text is all there is to show.
    }
    String first = text.lines().findFirst().orElse("");
    return "status " + response.statusCode() + (first.isEmpty() ? "" : ": " + Json.shorten(first));
  }

  /// Ends the connections; calls that wait for an answer fail.
  @Override
  public void close() {
    http.shutdownNow();
  }
}
