package io.capsdb.bench.peers;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Filters;
import io.capsdb.Hit;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.HitRows;
import io.capsdb.bench.data.Ranges;
import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// CapsDB as a program embeds it: through its public library API, with default settings, on files.
///
/// Attributes are whole numbers in the payload, and nothing is declared about them. Rows are loaded
/// without a log, as the peers load theirs, and compacted, as what is left alone compacts itself;
/// searches begin when the status is green. The sweep is over the recall that a request asks for.
final class CapsDbEngine implements Engine {
  private static final int BATCH = 1_000;
  private static final Duration PATIENCE = Duration.ofHours(2);

  private @Nullable Loaded loaded;

  /// @param files folder of the database
  private record Loaded(
      DataSet set, Disk disk, Path files, Database database, Collection collection) {}

  @Override
  public String version() {
    return "ours";
  }

  @Override
  public String settings() {
    CollectionStatus status = loaded().collection().status();
    return "defaults, " + status.segments() + " segments";
  }

  @Override
  public void build(DataSet set, BuiltFolder folder, Progress progress) throws IOException {
    Path files = folder.of("capsdb");
    BuiltFolder.delete(folder.disk(), files);
    // Measuring what searches cost would count as building.
    Database database =
        Database.open(files, DatabaseOptions.defaults().withLog(false).withMeasuredCosts(false));
    Collection collection =
        database.createCollection("bench", CollectionConfig.of(set.dimension(), set.metric()));
    loaded = new Loaded(set, folder.disk(), files, database, collection);
    for (int from = 0; from < set.rowCount(); from += BATCH) {
      List<Point> batch = new ArrayList<>();
      for (int row = from; row < Math.min(from + BATCH, set.rowCount()); row++) {
        batch.add(Point.of(row, set.rows().row(row), payload(set, row)));
      }
      collection.upsert(batch);
      // What is loaded is not yet merged: about half of the work.
      progress.at(0.5 * (from + batch.size()) / set.rowCount());
    }
    collection.compact();
    CollectionStatus status = collection.awaitGreen(PATIENCE);
    if (status.state() != CollectionStatus.State.GREEN) {
      throw new IllegalStateException("not green: " + status);
    }
  }

  private static Map<String, @Nullable Object> payload(DataSet set, int row) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    for (int attribute = 0; attribute < set.columns().length; attribute++) {
      payload.put(set.attributes().get(attribute), set.columns()[attribute][row]);
    }
    return payload;
  }

  /// Everything on the disk beside the vectors: also ids and documents.
  @Override
  public long bytesBeyondRaw() throws IOException {
    DataSet set = loaded().set();
    long all = BuiltFolder.bytes(loaded().disk(), loaded().files());
    return all - set.rows().offset(set.rowCount());
  }

  @Override
  public List<Setting> sweep(int k) {
    return Setting.each(
        "recall", 0.4, 0.55, 0.7, 0.8, 0.85, 0.88, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985,
        0.99, 0.993, 0.995, 0.998, 0.999, 1);
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    DataSet set = loaded().set();
    Collection collection = loaded().collection();
    return query -> {
      SearchRequest request =
          SearchRequest.nearest(set.queries()[query])
              .filter(filter(set, ranges, query))
              .limit(k)
              .withPayload(false)
              .recall(setting.effort());
      List<Hit> hits = collection.search(request).hits();
      return HitRows.of(hits);
    };
  }

  static Filter filter(DataSet set, Ranges ranges, int query) {
    List<Filter> parts = new ArrayList<>();
    for (int attribute = 0; attribute < ranges.attributeCount(); attribute++) {
      if (!ranges.isFree(query, attribute)) {
        String field = set.attributes().get(attribute);
        int low = ranges.low(query, attribute);
        int high = ranges.high(query, attribute);
        parts.add(low == high ? Filters.eq(field, low) : Filters.between(field, low, high));
      }
    }
    return switch (parts.size()) {
      case 0 -> Filter.ALL;
      case 1 -> parts.getFirst();
      default -> new Filter.And(parts);
    };
  }

  private Loaded loaded() {
    if (loaded == null) {
      throw new IllegalStateException("not built");
    }
    return loaded;
  }

  @Override
  public void close() throws IOException {
    if (loaded != null) {
      loaded.database().close();
      BuiltFolder.delete(loaded.disk(), loaded.files());
    }
  }
}
