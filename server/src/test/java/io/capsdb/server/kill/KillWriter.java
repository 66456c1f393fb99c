package io.capsdb.server.kill;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.server.client.RestClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// One client: writes to ids of its own, one batch after the other, and knows what must be there
/// whenever the server is killed: all that was answered, and of the batch that was not answered all
/// or nothing.
final class KillWriter implements Runnable {
  private static final int IDS = 400;
  private static final int DIMENSION = 4;

  private final int number;
  private final int writers;
  private final int port;
  private final RandomGenerator random;
  private final Map<Long, State> acknowledged;
  private Map<Long, State> pending;
  private String fault = "";

  /// A point: its vector begins with its id, then with the number of the write.
  record State(List<Float> vector, long label) {}

  /// @param acknowledged by id, what is there now
  KillWriter(
      int number, int writers, int port, RandomGenerator random, Map<Long, State> acknowledged) {
    this.number = number;
    this.writers = writers;
    this.port = port;
    this.random = random;
    this.acknowledged = acknowledged;
    this.pending = new TreeMap<>(acknowledged);
  }

  /// An answer that was no success; empty when there was none.
  String fault() {
    return fault;
  }

  /// What is there if it is.
  Map<Long, State> after() {
    return pending;
  }

  @Override
  public void run() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (write(http)) {
        acknowledged.clear();
        acknowledged.putAll(pending);
      }
      http.shutdownNow();
    }
  }

  /// One batch; false when it was not answered with success.
  private boolean write(HttpClient http) {
    pending = new TreeMap<>(acknowledged);
    List<Long> ids = new ArrayList<>();
    for (int i = random.nextInt(1, 30); i > 0; i--) {
      ids.add((long) random.nextInt(IDS) * writers + number);
    }
    ObjectNode body = RestClient.object();
    return switch (random.nextInt(number == 0 ? 20 : 19)) {
      case 0, 1, 2 -> {
        ids.forEach(pending::remove);
        ids.forEach(body.putArray("points")::add);
        yield call(http, "POST", "/points/delete?wait=true", body);
      }
      case 3, 4, 5 -> {
        long label = random.nextInt(1_000_000);
        List<Long> there = ids.stream().distinct().filter(pending::containsKey).toList();
        if (there.isEmpty()) {
          yield true;
        }
        there.forEach(
            id -> pending.computeIfPresent(id, (_, old) -> new State(old.vector(), label)));
        body.putObject("payload").put("label", label);
        there.forEach(body.putArray("points")::add);
        yield call(http, "POST", "/points/payload?wait=true", body);
      }
      case 19 -> call(http, "POST", "/snapshots?wait=true", body);
      default -> {
        ArrayNode points = body.putArray("points");
        Map<Long, State> batch = new HashMap<>();
        for (long id : ids) {
          batch.put(
              id, new State(List.of((float) id, random.nextFloat(), 1f, random.nextFloat()), id));
        }
        batch.forEach(
            (id, state) -> {
              ObjectNode point = points.addObject().put("id", id);
              state.vector().forEach(point.putArray("vector")::add);
              point.putObject("payload").put("label", state.label());
            });
        pending.putAll(batch);
        yield call(http, "PUT", "/points?wait=true", body);
      }
    };
  }

  private boolean call(HttpClient http, String method, String path, ObjectNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/collections/c" + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body.toString()))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        fault = method + " " + path + ": " + answer.body();
        return false;
      }
      return true;
    } catch (IOException e) {
      return false; // killed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static int dimension() {
    return DIMENSION;
  }
}
