package io.capsdb.server.command;

import io.capsdb.formats.RowSource;
import io.capsdb.point.PointId;
import io.capsdb.server.client.CollectionState;
import io.capsdb.server.client.RestClient;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Loads the rows of a source into a collection, which is created when it is missing.
///
/// Reading and encoding go on while [#IN_FLIGHT] batches are on their way: memory for one batch
/// more than that. Batches that hold the same id go one after the other, so that the later row of
/// the file counts. Used once, by one thread.
final class Loader {
  private static final int IN_FLIGHT = 2;

  /// A batch is closed at this size, well below what servers accept.
  private static final int MAX_BATCH_BYTES = 8 << 20;

  /// Rows that are looked at to learn the dimensions: a bad first row must not decide it.
  private static final int HEAD_ROWS = 100;

  private static final int SHOWN_REJECTS = 20;

  private final RestClient client;
  private final LoadSettings settings;
  private final Progress progress;
  private final RowSource source;
  private final Deque<RowSource.Row> head = new ArrayDeque<>();
  private final Deque<Sent> inFlight = new ArrayDeque<>();
  private long stored;
  private long rejected;
  private long nextRow;

  private record Sent(LoadBatch batch, Future<List<LoadBatch.Reject>> answer) {}

  Loader(RestClient client, LoadSettings settings, RowSource source, Progress progress) {
    this.client = client;
    this.settings = settings;
    this.source = source;
    this.progress = progress;
    this.nextRow = settings.from();
  }

  /// Points that are durable on the server.
  long stored() {
    return stored;
  }

  /// Rows that were left out.
  long rejected() {
    return rejected;
  }

  /// The first row that is not known to be stored: where a broken load goes on.
  long nextRow() {
    return nextRow;
  }

  /// Loads all rows; returns when the last one is durable.
  ///
  /// @throws UsageException if file and collection do not fit, or at the first bad row when strict
  void load() throws IOException, InterruptedException {
    readHead();
    CollectionState collection = prepareCollection();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        run(senders, collection);
      } finally {
        inFlight.forEach(sent -> sent.answer().cancel(true));
      }
    }
  }

  private void run(ExecutorService senders, CollectionState collection)
      throws IOException, InterruptedException {
    LoadBatch batch = new LoadBatch(settings.batchRows());
    for (RowSource.@Nullable Row row = next(); row != null; row = next()) {
      if (row.number() < settings.from()) {
        continue;
      }
      try {
        requireUsable(row, collection);
        batch.add(id(row), row);
      } catch (IllegalArgumentException e) {
        reject(new LoadBatch.Reject(row.line(), String.valueOf(e.getMessage())));
      }
      if (batch.size() == settings.batchRows() || batch.byteCount() >= MAX_BATCH_BYTES) {
        send(senders, batch);
        batch = new LoadBatch(settings.batchRows());
      }
    }
    if (batch.size() > 0) {
      send(senders, batch);
    }
    while (!inFlight.isEmpty()) {
      settleOldest();
    }
  }

  private RowSource.@Nullable Row next() throws IOException {
    if (!head.isEmpty()) {
      return head.poll();
    }
    return source.next().orElse(null);
  }

  private void readHead() throws IOException {
    while (head.size() < HEAD_ROWS) {
      Optional<RowSource.Row> row = source.next();
      if (row.isEmpty()) {
        break;
      }
      head.add(row.get());
    }
  }

  private RowShape shape() {
    RowShape shape = RowShape.of(head);
    if (shape.isEmpty()) {
      throw new UsageException(
          "--vectors: "
              + source.file()
              + (head.isEmpty()
                  ? " has no rows"
                  : " has no vector in its first " + head.size() + " rows" + firstReason()));
    }
    return shape;
  }

  private String firstReason() {
    return head.getFirst().rejection().map(reason -> "; the first: " + reason).orElse("");
  }

  private CollectionState prepareCollection() throws IOException, InterruptedException {
    RowShape shape = shape();
    String name = settings.collection();
    Optional<CollectionState> existing = client.collection(name);
    if (existing.isPresent()) {
      requireFit(existing.get(), shape);
      return existing.get();
    }
    String distance = settings.distance().orElse("Cosine");
    client.createCollection(
        name, shape.params(distance, settings.datatype()), settings.logIntervalMillis());
    progress.note("created collection '" + name + "': " + shape.describe(distance));
    return client
        .collection(name)
        .orElseThrow(() -> new IOException("collection '" + name + "' is gone again"));
  }

  private void requireFit(CollectionState existing, RowShape shape) {
    String name = settings.collection();
    if (shape.isAnonymous() && !existing.vectorNames().contains("")) {
      throw new UsageException(
          "--collection: '" + name + "' has only the named vectors " + existing.vectorNames());
    }
    Set<String> names = new TreeSet<>(shape.dimensions().keySet());
    names.addAll(shape.sparse());
    if (!existing.vectorNames().containsAll(names)) {
      throw new UsageException(
          "--vectors: "
              + source.file()
              + " has the vectors "
              + names
              + ", collection '"
              + name
              + "' has "
              + existing.vectorNames());
    }
    int dimension = shape.dimensions().getOrDefault("", existing.dimension());
    if (existing.dimension() != dimension) {
      throw new UsageException(
          "--vectors: "
              + source.file()
              + " has dimension "
              + dimension
              + ", collection '"
              + name
              + "' needs dimension "
              + existing.dimension());
    }
    if (shape.isAnonymous()
        && settings.distance().isPresent()
        && !settings.distance().get().equals(existing.distance())) {
      throw new UsageException(
          "--distance: collection '"
              + name
              + "' has "
              + existing.distance()
              + ", not "
              + settings.distance().get());
    }
  }

  private void requireUsable(RowSource.Row row, CollectionState collection) {
    row.rejection()
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    if (row.named().isPresent()) {
      return; // the server knows the settings of each name
    }
    float[] vector = row.vector();
    if (vector == null) {
      throw new IllegalArgumentException("there is no vector");
    }
    if (vector.length != collection.dimension()) {
      throw new IllegalArgumentException(
          "vector has "
              + vector.length
              + " values, collection '"
              + settings.collection()
              + "' needs "
              + collection.dimension());
    }
    if (collection.distance().equals("Cosine") && isZero(vector)) {
      throw new IllegalArgumentException(
          "vector is zero, the distance Cosine needs a length above 0");
    }
  }

  private static boolean isZero(float[] vector) {
    for (float value : vector) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private PointId id(RowSource.Row row) {
    if (settings.idField().isEmpty()) {
      return row.id().orElseGet(() -> PointId.of(row.number()));
    }
    String field = settings.idField().get();
    Object value = row.payload().fields().get(field);
    if (value == null) {
      throw new IllegalArgumentException("field '" + field + "', which --ids names, is missing");
    }
    if (value instanceof String || value instanceof Long) {
      return PointId.parse(value.toString());
    }
    throw new IllegalArgumentException(
        "field '" + field + "' is " + value + ", an id is a whole number or a UUID");
  }

  private void reject(LoadBatch.Reject reject) {
    String place = source.file() + ":" + reject.line() + ": " + reject.reason();
    rejected++;
    if (settings.isStrict()) {
      throw new UsageException(place + " (--strict ends the load here)");
    }
    if (rejected <= SHOWN_REJECTS) {
      progress.note("left out " + place);
    } else if (rejected == SHOWN_REJECTS + 1) {
      progress.note("left out more rows; they are counted, not shown");
    }
  }

  private void send(ExecutorService senders, LoadBatch batch)
      throws IOException, InterruptedException {
    while (inFlight.size() >= IN_FLIGHT
        || inFlight.stream().anyMatch(sent -> sent.batch().overlaps(batch))) {
      settleOldest();
    }
    inFlight.add(new Sent(batch, senders.submit(() -> batch.send(client, settings.collection()))));
  }

  private void settleOldest() throws IOException, InterruptedException {
    Sent sent = inFlight.getFirst();
    List<LoadBatch.Reject> rejects;
    try {
      rejects = sent.answer().get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
    inFlight.removeFirst();
    stored += sent.batch().size() - rejects.size();
    rejects.forEach(this::reject);
    nextRow = sent.batch().lastRow() + 1;
    showProgress();
  }

  private void showProgress() {
    if (source.rowCount().isEmpty()) {
      progress.show(stored, OptionalLong.empty(), source.progress());
      return;
    }
    long total = Math.max(1, source.rowCount().getAsLong() - settings.from());
    progress.show(stored, OptionalLong.of(total), (double) (nextRow - settings.from()) / total);
  }
}
