package io.capsdb.server.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.DatabaseCheck;
import io.capsdb.io.Disk;
import io.capsdb.server.client.RestClient;
import io.capsdb.testdata.Seed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the real server while four clients upsert, overwrite, delete, change payloads and
/// take snapshots, and while it seals and merges: promises 1, 2 and 4 of the README.
class KillTest {
  private static final int WRITERS = 4;
  private static final long OPEN_SECONDS = 5;
  private static final int LARGE_POINTS = 100_000;
  private static final int LARGE_DIMENSION = 128;
  private static final int LARGE_BATCH = 1_000;

  @TempDir Path folder;

  @Test
  void writesThatWereAnsweredSurviveKills() {
    Seed.repeat(1, random -> cycles(10, random));
  }

  @Test
  @Tag("nightly")
  void writesThatWereAnsweredSurviveThousandsOfKills() {
    Seed.repeat(1, random -> cycles(Integer.getInteger("cycles", 2_000), random));
  }

  private void cycles(int count, RandomGenerator random) throws Exception {
    List<Map<Long, KillWriter.State>> states = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      states.add(new TreeMap<>());
    }
    long writes = 0;
    // A busy machine may seal nothing for a while.
    for (int cycle = 0; cycle < count || (writes == 0 && cycle < 3 * count); cycle++) {
      List<KillWriter> writers = new ArrayList<>();
      Process process = start(random.nextBoolean() ? 500 : 1_000_000);
      try (BufferedReader out = output(process)) {
        int port = port(out);
        requireState(port, states, cycle);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          KillWriter writer =
              new KillWriter(
                  i, WRITERS, port, new SplittableRandom(random.nextLong()), states.get(i));
          writers.add(writer);
          threads.add(Thread.ofPlatform().start(writer));
        }
        Thread.sleep(random.nextInt(50, 900));
        process.destroyForcibly().waitFor();
        for (Thread thread : threads) {
          thread.join();
        }
        assertThat(writers).extracting(KillWriter::fault).containsOnly("");
      } finally {
        process.destroyForcibly();
      }
      DatabaseCheck.Report report = DatabaseCheck.run(Disk.local(), folder, _ -> {});
      assertThat(report.findings()).as("cycle %d", cycle).isEmpty();
      alternatives = writers;
      writes += report.points();
    }
    Process process = start(500);
    try (BufferedReader out = output(process)) {
      requireState(port(out), states, count);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(writes).as("points in segments after kills").isPositive();
  }

  /// The clients of the cycle before, each with a batch that was not answered.
  private List<KillWriter> alternatives = List.of();

  /// Every point is one that was written, once, with its vector and payload; nothing is missing.
  private void requireState(int port, List<Map<Long, KillWriter.State>> states, int cycle)
      throws IOException, InterruptedException {
    try (RestClient client = client(port)) {
      if (client.collection("c").isEmpty()) {
        assertThat(cycle).isZero();
        client.createCollection("c", KillWriter.dimension(), "Euclid");
      }
      Map<Long, KillWriter.State> all = scroll(client);
      assertThat(client.count("c", Optional.empty())).as("no duplicates").isEqualTo(all.size());
      for (int i = 0; i < WRITERS; i++) {
        int own = i;
        Map<Long, KillWriter.State> found = new TreeMap<>(all);
        found.keySet().removeIf(id -> id % WRITERS != own);
        if (alternatives.isEmpty() || !found.equals(alternatives.get(i).after())) {
          assertThat(found).as("cycle %d, client %d", cycle, i).isEqualTo(states.get(i));
        }
        states.get(i).clear();
        states.get(i).putAll(found);
      }
    }
  }

  private static Map<Long, KillWriter.State> scroll(RestClient client)
      throws IOException, InterruptedException {
    ObjectNode body =
        RestClient.object().put("limit", 10_000).put("with_vector", true).put("with_payload", true);
    Map<Long, KillWriter.State> all = new TreeMap<>();
    JsonNode page = client.scroll("c", body);
    assertThat(page.path("next_page_offset").isNull()).isTrue();
    for (JsonNode point : page.path("points")) {
      List<Float> vector = new ArrayList<>();
      point.path("vector").forEach(value -> vector.add((float) value.asDouble()));
      KillWriter.State state = new KillWriter.State(vector, point.at("/payload/label").asLong());
      assertThat(all.put(point.path("id").asLong(), state)).as("%s twice", point).isNull();
    }
    return all;
  }

  /// From the start of the process to the answer to the first search, of 100,000 points that nobody
  /// waited for to be sealed.
  @Test
  @Tag("nightly")
  void aHundredThousandPointsAreServedAgainWithinSecondsAfterAKill() throws Exception {
    Process process = start(folder.resolve("large").toString());
    try (BufferedReader out = output(process);
        RestClient client = client(port(out))) {
      client.createCollection("c", LARGE_DIMENSION, "Euclid");
      RandomGenerator random = new SplittableRandom(1);
      for (int from = 0; from < LARGE_POINTS; from += LARGE_BATCH) {
        client.upsert("c", batch(random, from));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    List<Double> seconds = new ArrayList<>();
    List<Double> processorSeconds = new ArrayList<>();
    for (int kill = 0; kill < 5; kill++) {
      long begin = System.nanoTime();
      process = start(folder.resolve("large").toString());
      try (BufferedReader out = output(process);
          RestClient client = client(port(out))) {
        ObjectNode query = RestClient.object().put("limit", 1);
        ArrayNode vector = query.putArray("query");
        float[] wanted = vector(new SplittableRandom(7));
        for (float value : wanted) {
          vector.add(value);
        }
        assertThat(client.query("c", query).path("points")).hasSize(1);
        seconds.add((System.nanoTime() - begin) / 1e9);
        Duration used = process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
        processorSeconds.add(used.toMillis() / 1e3);
        assertThat(client.count("c", Optional.empty())).isEqualTo(LARGE_POINTS);
        // Something to be found again next time.
        client.upsert("c", batch(new SplittableRandom(kill), 1_000 * kill));
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
    System.out.printf(
        "%,d points x %d, killed: first search %s s after the start (bar %d s), processor time %s s%n",
        LARGE_POINTS, LARGE_DIMENSION, seconds, OPEN_SECONDS, processorSeconds);
    assertThat(seconds).allSatisfy(each -> assertThat(each).isLessThan(OPEN_SECONDS));
  }

  private static float[] vector(RandomGenerator random) {
    float[] vector = new float[LARGE_DIMENSION];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextInt(1_000) / 1_000f;
    }
    return vector;
  }

  private static ObjectNode batch(RandomGenerator random, int from) {
    ObjectNode body = RestClient.object();
    ArrayNode points = body.putArray("points");
    for (int id = from; id < from + LARGE_BATCH; id++) {
      ObjectNode point = points.addObject().put("id", id);
      ArrayNode values = point.putArray("vector");
      for (float value : vector(random)) {
        values.add(value);
      }
      point.putObject("payload").put("label", id % 100);
    }
    return body;
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static RestClient client(int port) {
    return new RestClient(URI.create("http://127.0.0.1:" + port), _ -> {});
  }

  private Process start(long offHeapRows) throws IOException {
    return start(folder.toString(), String.valueOf(offHeapRows));
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String line : java.nio.file.Files.readAllLines(Path.of("..", "config", "jvm.options"))) {
      command.addAll(List.of(line.split(" ")));
    }
    command.addAll(
        arguments.length > 1
            ? List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp")
            : List.of("-Xmx1g", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(KilledServer.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /// Waits until the server tells that it serves.
  private static int port(BufferedReader out) throws IOException {
    long begin = System.nanoTime();
    String line = out.readLine();
    while (line != null && !line.startsWith("port ")) {
      line = out.readLine();
    }
    assertThat(line).as("the server ended").isNotNull();
    assertThat((System.nanoTime() - begin) / 1e9)
        .as("seconds until it served")
        .isLessThan(4 * OPEN_SECONDS);
    return Integer.parseInt(line.substring(5));
  }
}
