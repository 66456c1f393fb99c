package io.capsdb.bench.segment;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Point;
import io.capsdb.bench.data.DataSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A data set as a collection of some sealed segments of equal size, with all attributes as
/// payload, through the public library API.
record Pieces(Database database, Collection collection) implements AutoCloseable {
  private static final String NAME = "bench";
  private static final int BATCH = 1_000;
  private static final int NEVER = Integer.MAX_VALUE;

  /// Loads, and seals after each piece; nothing is merged.
  static Pieces load(DataSet set, int pieces, Path folder) {
    return load(set, set.rowCount(), pieces, folder);
  }

  /// The same of the first rows.
  static Pieces load(DataSet set, int rowCount, int pieces, Path folder) {
    Pieces loaded = create(set, folder);
    for (int piece = 0; piece < pieces; piece++) {
      loaded.fill(
          set, (int) ((long) piece * rowCount / pieces), (int) ((piece + 1L) * rowCount / pieces));
      loaded.collection().seal();
    }
    return loaded;
  }

  /// Without rows.
  static Pieces create(DataSet set, Path folder) {
    Database database = Database.open(folder, options(NEVER));
    return new Pieces(
        database,
        database.createCollection(NAME, CollectionConfig.of(set.dimension(), set.metric())));
  }

  /// Closes it and opens it again; so many segments of like size are merged now.
  Pieces reopen(Path folder, int mergeCount) {
    database.close();
    Database opened = Database.open(folder, options(mergeCount));
    return new Pieces(opened, opened.collection(NAME));
  }

  private static DatabaseOptions options(int mergeCount) {
    return DatabaseOptions.defaults()
        .withLog(false)
        .withSealRows(NEVER)
        .withSealBytes(Long.MAX_VALUE)
        .withIdleMillis(NEVER)
        .withMergeCount(mergeCount)
        .withMeasuredCosts(false);
  }

  /// Adds some rows; nothing is sealed.
  void fill(DataSet set, int first, int end) {
    for (int from = first; from < end; from += BATCH) {
      List<Point> batch = new ArrayList<>();
      for (int row = from; row < Math.min(from + BATCH, end); row++) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        for (int attribute = 0; attribute < set.attributes().size(); attribute++) {
          payload.put(set.attributes().get(attribute), set.columns()[attribute][row]);
        }
        batch.add(Point.of(row, set.rows().row(row), payload));
      }
      collection.upsert(batch);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
