package io.capsdb.embeddings.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.embeddings.binary.BinaryCodeConfig;
import io.capsdb.embeddings.binary.BinaryCodeTrainer;
import io.capsdb.embeddings.binary.CentredRows;
import io.capsdb.embeddings.binary.Neighbours;
import io.capsdb.embeddings.binary.Projections;
import io.capsdb.embeddings.binary.RectifiedStraightThroughEstimator;
import io.capsdb.embeddings.binary.TrainingRows;
import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.server.client.PointBatch;
import io.capsdb.server.client.RestClient;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import io.capsdb.vector.BinaryProjection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Learned codes as the quantizer of the index, searched over REST, against codes of ITQ with as
/// many bits. The index reads as many vectors as its bounds ask for, so recall alone says nothing:
/// recall is compared at an equal number of vectors read, between the points of a curve of recall
/// targets.
final class CodesExperiment implements Experiment {
  private static final int BITS = 64;
  private static final int K = 10;
  private static final int QUERIES = 300;
  private static final int BATCH = 500;
  private static final double[] TARGETS = {0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99};

  @Override
  public String name() {
    return "codes";
  }

  @Override
  public String what() {
    return "learned codes in the index, searched over REST, against ITQ with as many bits";
  }

  @Override
  public void run(Setting setting, Report report) throws IOException {
    int base = setting.isShort() ? 2_600 : 12_000;
    LabelledSet set = FashionData.read(setting, base + QUERIES);
    CentredRows rows = CentredRows.of(ResteExperiment.vectors(set.slice(0, base)));
    float[][] queries =
        CentredRows.around(rows.mean(), ResteExperiment.vectors(set.slice(base, set.size())))
            .rows();
    int[][] truth = Neighbours.of(queries, rows.rows(), K);
    BinaryCodeConfig config = BinaryCodeConfig.of(BITS);
    TrainingRows training = TrainingRows.of(rows, config);
    float[] origin = new float[FashionData.PIXELS]; // rows are centred already
    float[][] learned =
        new BinaryCodeTrainer(config, new RectifiedStraightThroughEstimator())
            .fit(training, 1)
            .matrix();
    Curve itq =
        search(Projections.of(training.iterativeQuantization(1), origin), rows, queries, truth);
    Curve reste = search(Projections.of(learned, origin), rows, queries, truth);
    report.line(
        String.format(
            Locale.ROOT,
            "%,d rows, %d bits, %d queries over REST; at each recall target:",
            base,
            BITS,
            queries.length));
    for (double target : TARGETS) {
      report.line(
          String.format(
              Locale.ROOT,
              "  %.2f  ITQ: recall %5.1f %%, %6.1f vectors read   learned: recall %5.1f %%, %6.1f"
                  + " vectors read",
              target,
              itq.at(target).recall(),
              itq.at(target).vectors(),
              reste.at(target).recall(),
              reste.at(target).vectors()));
    }
    double shared = Math.max(itq.least(), reste.least());
    report.atLeast(
        String.format(
            Locale.ROOT, "learned over ITQ, recall@10 at %.0f vectors read a query", shared),
        reste.recallAt(shared) - itq.recallAt(shared),
        2.5);
    report.atMost(
        "vectors read for a recall of 95 %, learned against ITQ",
        reste.vectorsFor(95) / itq.vectorsFor(95), 1);
  }

  private record Found(double recall, double vectors) {}

  /// What was found and read at each recall target.
  private record Curve(Map<Double, Found> byTarget) {
    Found at(double target) {
      return Objects.requireNonNull(byTarget.get(target));
    }

    double least() {
      return byTarget.values().stream().mapToDouble(Found::vectors).min().orElse(0);
    }

    /// The recall at a number of vectors, in a straight line between the points beside it.
    double recallAt(double vectors) {
      return between(vectors, Found::vectors, Found::recall);
    }

    double vectorsFor(double recall) {
      return between(recall, Found::recall, Found::vectors);
    }

    private double between(
        double x,
        java.util.function.ToDoubleFunction<Found> ofX,
        java.util.function.ToDoubleFunction<Found> ofY) {
      List<Found> points =
          byTarget.values().stream().sorted(java.util.Comparator.comparingDouble(ofX)).toList();
      Found before = points.getFirst();
      for (Found point : points) {
        double right = ofX.applyAsDouble(point);
        if (right >= x) {
          double left = ofX.applyAsDouble(before);
          double share = right > left ? (x - left) / (right - left) : 1;
          return ofY.applyAsDouble(before)
              + share * (ofY.applyAsDouble(point) - ofY.applyAsDouble(before));
        }
        before = point;
      }
      return ofY.applyAsDouble(before);
    }
  }

  private static Curve search(
      BinaryProjection projection, CentredRows rows, float[][] queries, int[][] truth)
      throws IOException {
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withLog(false)
            .withIdleMillis(100)
            .withMinIndexRows(256) // all rows are to be coded
            .withProjection(projection);
    try (Database database = Database.open(Path.of("codes").toAbsolutePath(), options);
        HttpServer server = HttpServer.start(database, HttpConfig.defaults("0").withPort(0));
        RestClient client =
            new RestClient(URI.create("http://127.0.0.1:" + server.port()), Thread::sleep)) {
      load(client, rows);
      Map<Double, Found> byTarget = new TreeMap<>();
      for (double target : TARGETS) {
        byTarget.put(target, search(client, target, queries, truth));
      }
      return new Curve(byTarget);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", e);
    }
  }

  private static void load(RestClient client, CentredRows rows)
      throws IOException, InterruptedException {
    client.createCollection("c", FashionData.PIXELS, "Cosine");
    for (int from = 0; from < rows.rows().length; from += BATCH) {
      PointBatch batch = new PointBatch();
      for (int i = from; i < Math.min(rows.rows().length, from + BATCH); i++) {
        batch.add(PointId.of(i), rows.rows()[i], Payload.empty());
      }
      client.upsert("c", batch.body(0, batch.size()));
    }
    while (!client.collection("c").orElseThrow().isGreen()) {
      Thread.sleep(Duration.ofMillis(100));
    }
  }

  private static Found search(RestClient client, double target, float[][] queries, int[][] truth)
      throws IOException, InterruptedException {
    double recall = 0;
    double vectors = 0;
    for (int q = 0; q < queries.length; q++) {
      ObjectNode body = RestClient.object();
      ArrayNode vector = body.putArray("query");
      for (float value : queries[q]) {
        vector.add(value);
      }
      body.put("limit", K);
      body.putObject("params").putObject("caps").put("recall_target", target).put("explain", true);
      JsonNode result = client.query("c", body);
      int right = 0;
      for (JsonNode hit : result.path("points")) {
        int id = hit.path("id").asInt();
        right += Arrays.stream(truth[q]).anyMatch(wanted -> wanted == id) ? 1 : 0;
      }
      recall += 100.0 * right / K / queries.length;
      vectors += result.path("caps").path("vectors_read").asDouble() / queries.length;
    }
    return new Found(recall, vectors);
  }
}
