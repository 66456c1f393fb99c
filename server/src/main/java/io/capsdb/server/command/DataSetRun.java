package io.capsdb.server.command;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Point;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.server.evaluate.Contender;
import io.capsdb.server.evaluate.DataSetFolder;
import io.capsdb.server.evaluate.Evaluation;
import io.capsdb.server.evaluate.Evaluator;
import io.capsdb.server.evaluate.Reporter;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Evaluates a data set: loads it into a database of its own, in a temporary folder, and deletes
/// that afterwards. Where a graph takes part, all is loaded twice, so that the time for the graph
/// can be told from the time for all else.
final class DataSetRun {
  private static final int BATCH = 1_000;
  private static final Duration POLL = Duration.ofMillis(500);

  private final Machine machine;
  private final DataSetFolder folder;
  private final Metric metric;
  private final Reporter reporter;

  DataSetRun(Machine machine, DataSetFolder folder, Metric metric, Reporter reporter) {
    this.machine = machine;
    this.folder = folder;
    this.metric = metric;
    this.reporter = reporter;
  }

  /// Makes a request that suits what was loaded.
  @FunctionalInterface
  interface Asking {
    Evaluator.Request of(Collection collection) throws IOException;
  }

  /// Loading the same twice can differ by this share.
  private static final double NOISE = 0.2;

  /// A collection that was loaded, and the seconds that it took.
  private record Loaded(Collection collection, double seconds) {}

  /// @throws InterruptedException if the thread is interrupted; nothing is left of the data then
  Evaluation run(String name, List<Contender> contenders, Asking asking)
      throws IOException, InterruptedException {
    boolean hasGraph = contenders.stream().anyMatch(Contender::isGraph);
    try (TemporaryFolder place = TemporaryFolder.create(machine, "capsdb-evaluate-")) {
      double plainSeconds = hasGraph ? loadPlain(place.path().resolve("plain")) : 0;
      try (Database database = open(place.path().resolve("data"))) {
        Loaded loaded = load(database, name, hasGraph);
        List<Evaluation.Index> indexes = new ArrayList<>();
        Map<String, Long> bytes = loaded.collection().indexBytes();
        double seconds = hasGraph ? plainSeconds : loaded.seconds();
        for (String index : contenders.stream().map(Contender::stored).distinct().toList()) {
          double built =
              switch (index) {
                case "caps" -> seconds;
                case "graph" -> graphSeconds(plainSeconds, loaded.seconds());
                default -> 0;
              };
          indexes.add(new Evaluation.Index(index, bytes.getOrDefault(index, 0L), built));
        }
        return new Evaluator(
                loaded.collection(), asking.of(loaded.collection()), machine.nanoClock(), reporter)
            .run(
                name,
                machine.version(),
                indexes,
                List.of("The time for caps is that for loading, storing and indexing everything."));
      }
    }
  }

  /// What the graph took, negative where it is lost in what loading takes now and then.
  private static double graphSeconds(double without, double with) {
    double difference = with - without;
    return difference > NOISE * without ? difference : -1;
  }

  private double loadPlain(Path place) throws IOException, InterruptedException {
    try (Database database = open(place)) {
      return load(database, "plain", false).seconds();
    }
  }

  private Database open(Path place) {
    return Database.open(
        place,
        DatabaseOptions.defaults()
            .withDisk(machine.disk())
            .withLog(false)
            .withMeasuredCosts(false));
  }

  private Loaded load(Database database, String name, boolean hasGraph)
      throws IOException, InterruptedException {
    try (RowSource rows = folder.rows()) {
      Optional<RowSource.Row> first = rows.next();
      float[] vector = first.isPresent() ? first.get().vector() : null;
      if (vector == null) {
        throw new FormatException(rows.file(), "row 0", "there is no vector");
      }
      long begin = machine.nanoClock().getAsLong();
      Collection collection =
          database.createCollection(
              name.replaceAll("[^A-Za-z0-9_-]", "_"),
              CollectionConfig.of(vector.length, metric).withGraph(hasGraph));
      long total = Math.max(1, rows.rowCount().orElse(1));
      long stored = 0;
      List<Point> batch = new ArrayList<>();
      for (Optional<RowSource.Row> row = first; row.isPresent(); row = rows.next()) {
        batch.add(point(rows.file(), row.get(), vector.length));
        if (batch.size() == BATCH) {
          collection.upsert(batch);
          stored += batch.size();
          batch.clear();
          reporter.at("loading", "points", stored, Math.max(stored, total));
        }
      }
      if (!batch.isEmpty()) {
        collection.upsert(batch);
      }
      index(collection, hasGraph);
      return new Loaded(collection, (machine.nanoClock().getAsLong() - begin) / 1e9);
    }
  }

  private static Point point(String file, RowSource.Row row, int dimension) throws IOException {
    float[] vector = row.vector();
    String place = "row " + row.number();
    if (row.rejection().isPresent() || vector == null) {
      throw new FormatException(file, place, row.rejection().orElse("there is no vector"));
    }
    if (vector.length != dimension) {
      throw new FormatException(
          file, place, vector.length + " values, the rows before have " + dimension);
    }
    return Point.of(row.number(), vector, row.payload());
  }

  private void index(Collection collection, boolean hasGraph) throws InterruptedException {
    String doing = hasGraph ? "building caps and graph" : "building caps";
    // Sealing waits until all is done; meanwhile somebody has to tell how far it is.
    AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    Thread sealing =
        Thread.ofPlatform()
            .daemon()
            .name("capsdb-evaluate-seal")
            .start(
                () -> {
                  try {
                    collection.seal();
                  } catch (RuntimeException e) {
                    failure.set(e);
                  }
                });
    while (!sealing.join(POLL)) {
      reporter.at(doing, "%", percent(collection.status()), 100);
    }
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    CollectionStatus status = collection.awaitGreen(Duration.ofHours(2));
    if (status.state() != CollectionStatus.State.GREEN) {
      throw new IllegalStateException("the data set could not be indexed: " + status.work());
    }
  }

  /// How far the last piece of work is; pieces that run beside each other end about together.
  private static long percent(CollectionStatus status) {
    return status.running().isEmpty() ? 0 : Math.round(100 * status.running().getLast().done());
  }
}
