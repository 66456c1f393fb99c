package io.capsdb.embeddings.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.embeddings.binary.BaselineCodes;
import io.capsdb.embeddings.binary.BinaryCodeConfig;
import io.capsdb.embeddings.binary.BinaryCodeTrainer;
import io.capsdb.embeddings.binary.CentredRows;
import io.capsdb.embeddings.binary.CodeSearch;
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
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Learned codes as the quantizer of the index, searched over REST, against codes of ITQ and of
/// random projections with as many bits. Each search reads a fixed number of vectors, those of the
/// rows that come first by their codes: so it is the codes that decide what is found.
///
/// Where bounds decide instead, as they do without `rerank`, vectors are read until nothing nearer
/// is likely; what that costs with each code is told beside, without a bar.
final class CodesExperiment implements Experiment {
  private static final int K = 10;
  private static final int BASE = 3_115;
  private static final int QUERIES = 500;
  private static final int BATCH = 500;

  /// Vectors that are read.
  private static final int[] RERANKED = {10, 20, 50, 100};

  /// The number that the bars are about; in the short form about the same share of fewer rows, as
  /// all codes find nearly all at more.
  private static final int BAR_AT = 50;

  private static final int SHORT_BAR_AT = 20;

  private static final String RANDOM = "random projections";
  private static final String ITQ = "ITQ";
  private static final String LEARNED = "learned";

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
    int queryCount = setting.isShort() ? 100 : QUERIES;
    int base = setting.isShort() ? 1_200 : BASE;
    LabelledSet set = FashionData.read(setting, FashionData.SUBSET);
    CentredRows rows = CentredRows.of(ResteExperiment.vectors(set.slice(0, base)));
    float[][] queries =
        CentredRows.around(rows.mean(), ResteExperiment.vectors(set.slice(base, base + queryCount)))
            .rows();
    int[][] truth = Neighbours.of(queries, rows.rows(), K);
    for (int bits : setting.isShort() ? new int[] {32} : new int[] {32, 64}) {
      measure(
          bits,
          setting.isShort() ? 1 : 3,
          setting.isShort() ? SHORT_BAR_AT : BAR_AT,
          new Searched(rows, queries, truth),
          report);
    }
  }

  /// @param truth the nearest rows of each query
  @SuppressWarnings("ArrayRecordComponent") // read only
  private record Searched(CentredRows rows, float[][] queries, int[][] truth) {}

  /// @param barAt vectors read that the bars are about
  private static void measure(int bits, int seeds, int barAt, Searched data, Report report)
      throws IOException {
    BinaryCodeConfig config = BinaryCodeConfig.of(bits);
    TrainingRows training = TrainingRows.of(data.rows(), config);
    Figures recall = new Figures();
    Figures byBounds = new Figures();
    double fromOffline = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      Map<String, float[][]> codes = new LinkedHashMap<>();
      codes.put(RANDOM, BaselineCodes.signRandomProjection(FashionData.PIXELS, bits, seed));
      codes.put(ITQ, training.iterativeQuantization(seed));
      codes.put(
          LEARNED,
          new BinaryCodeTrainer(config, new RectifiedStraightThroughEstimator())
              .fit(training, seed)
              .matrix());
      for (Map.Entry<String, float[][]> code : codes.entrySet()) {
        search(code.getKey(), code.getValue(), data, recall, byBounds);
        double offline =
            new CodeSearch(code.getValue(), data.rows().rows())
                .recall(data.queries(), data.truth(), barAt, true);
        double served = recall.last(at(barAt, code.getKey()));
        fromOffline = Math.max(fromOffline, Math.abs(served - offline));
      }
    }
    String what =
        String.format(
            Locale.ROOT,
            "%d bits, %,d rows, %d queries over REST: ",
            bits,
            data.rows().rows().length,
            data.queries().length);
    report.table(what + "recall@10 in % where R vectors are read", recall);
    report.table(what + "where bounds decide (recall_target 0.9)", byBounds);
    String of = bits + " bits, recall@10 at " + barAt + " vectors: learned over ";
    double learned = recall.mean(at(barAt, LEARNED));
    report.atLeast(of + "ITQ", learned - recall.mean(at(barAt, ITQ)), 2.5);
    report.atLeast(of + "random projections", learned - recall.mean(at(barAt, RANDOM)), 10);
    report.atMost(bits + " bits: recall over REST against offline", fromOffline, 0.1);
  }

  private static String at(int vectors, String code) {
    return "R " + vectors + " " + code;
  }

  private static void search(
      String name, float[][] matrix, Searched data, Figures recall, Figures byBounds)
      throws IOException {
    float[] origin = new float[FashionData.PIXELS]; // rows are centred already
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withLog(false)
            .withIdleMillis(2_000) // one segment, also where rows come slowly
            .withMinIndexRows(256) // all rows are to be coded
            .withProjection(Projections.of(matrix, origin));
    try (Database database = Database.open(Path.of("codes").toAbsolutePath(), options);
        HttpServer server = HttpServer.start(database, HttpConfig.defaults("0").withPort(0));
        RestClient client =
            new RestClient(URI.create("http://127.0.0.1:" + server.port()), Thread::sleep)) {
      load(client, data.rows());
      for (int vectors : RERANKED) {
        Found found = search(client, data, caps -> caps.put("rerank", vectors));
        if (found.vectors() != vectors) {
          throw new IllegalStateException(
              "a search read " + found.vectors() + " vectors, " + vectors + " were asked for");
        }
        recall.add(at(vectors, name), found.recall());
      }
      Found found = search(client, data, caps -> caps.put("recall_target", 0.9));
      byBounds.add(name + ": recall@10", found.recall());
      byBounds.add(name + ": vectors read", found.vectors());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", e);
    }
  }

  /// @param recall in %
  /// @param vectors read by a search, on average
  private record Found(double recall, double vectors) {}

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

  private static Found search(RestClient client, Searched data, Consumer<ObjectNode> option)
      throws IOException, InterruptedException {
    long right = 0;
    long vectors = 0;
    int count = data.queries().length;
    for (int q = 0; q < count; q++) {
      int[] truth = data.truth()[q];
      ObjectNode body = RestClient.object();
      ArrayNode vector = body.putArray("query");
      for (float value : data.queries()[q]) {
        vector.add(value);
      }
      body.put("limit", K);
      option.accept(body.putObject("params").putObject("caps").put("explain", true));
      JsonNode result = client.query("c", body);
      for (JsonNode hit : result.path("points")) {
        int id = hit.path("id").asInt();
        right += Arrays.stream(truth).anyMatch(wanted -> wanted == id) ? 1 : 0;
      }
      vectors += result.path("caps").path("vectors_read").asLong();
    }
    return new Found(100.0 * right / K / count, (double) vectors / count);
  }
}
