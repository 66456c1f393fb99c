package io.capsdb.bench.segment;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Filters;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.filter.Filter;
import io.capsdb.index.RowOrder;
import io.capsdb.io.Disk;
import io.capsdb.vector.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A data set as a collection of one sealed segment, through the public library API.
///
/// @param set the rows, with whole numbers as payload
public record OneSegment(DataSet set, Database database, Collection collection)
    implements AutoCloseable {
  private static final String NAME = "bench";
  private static final int BATCH = 1_000;

  /// Measuring costs gives up earlier.
  private static final int MOST_SECONDS = 25;

  /// Never sealed by itself: what is searched before must be seen by the segment.
  private static final int NEVER_IDLE_MILLIS = Integer.MAX_VALUE;

  /// Loads and seals.
  ///
  /// @param attributes places of the attributes that become payload
  /// @param before filters that searches ask for before the segment is built
  public static OneSegment load(
      DataSet set, List<Integer> attributes, Path folder, RowOrder order, List<Filter> before) {
    OneSegment loaded = fill(set, attributes, folder, order, before);
    loaded.collection().seal();
    return loaded;
  }

  /// Loads and seals all attributes, with vectors of a type.
  static OneSegment load(DataSet set, ElementType type, Path folder) {
    List<Integer> all = IntStream.range(0, set.attributes().size()).boxed().toList();
    OneSegment loaded = fill(set, type, all, folder, RowOrder.GAIN, List.of());
    loaded.collection().seal();
    return loaded;
  }

  /// Loads only: nothing is sealed yet.
  static OneSegment fill(
      DataSet set, List<Integer> attributes, Path folder, RowOrder order, List<Filter> before) {
    return fill(set, ElementType.FLOAT32, attributes, folder, order, before);
  }

  private static OneSegment fill(
      DataSet set,
      ElementType type,
      List<Integer> attributes,
      Path folder,
      RowOrder order,
      List<Filter> before) {
    Database database =
        Database.open(
            folder,
            DatabaseOptions.defaults()
                .withLog(false)
                .withRowOrder(order)
                .withSealRows(Integer.MAX_VALUE)
                .withSealBytes(Long.MAX_VALUE)
                .withIdleMillis(NEVER_IDLE_MILLIS)
                .withMeasuredCosts(false));
    Collection collection =
        database.createCollection(NAME, CollectionConfig.of(set.dimension(), set.metric(), type));
    for (int from = 0; from < set.rowCount(); from += BATCH) {
      List<Point> batch = new ArrayList<>();
      for (int row = from; row < Math.min(from + BATCH, set.rowCount()); row++) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        for (int attribute : attributes) {
          payload.put(set.attributes().get(attribute), set.columns()[attribute][row]);
        }
        batch.add(Point.of(row, set.rows().row(row), payload));
      }
      collection.upsert(batch);
      if (from == 0) {
        for (Filter filter : before) {
          collection.search(SearchRequest.nearest(set.queries()[0]).filter(filter));
        }
      }
    }
    return new OneSegment(set, database, collection);
  }

  /// Closes it, lets the costs of this machine be measured, and opens it again for reading, with
  /// these costs. A machine that is too busy to measure has the default ones.
  ///
  /// @param folder where it was loaded
  public OneSegment reopen(Disk disk, Path folder) throws IOException {
    database.close();
    try (Database _ = Database.open(folder)) {
      for (int second = 0;
          second < MOST_SECONDS && !disk.exists(folder.resolve("costs"));
          second++) {
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Database opened = Database.openReadOnly(folder);
    return new OneSegment(set, opened, opened.collection(NAME));
  }

  /// What a query of a workload asks for.
  public static Filter filter(DataSet set, Ranges ranges, int query) {
    List<Filter> parts = new ArrayList<>();
    for (int attribute = 0; attribute < ranges.attributeCount(); attribute++) {
      if (!ranges.isFree(query, attribute)) {
        String field = set.attributes().get(attribute);
        int low = ranges.low(query, attribute);
        int high = ranges.high(query, attribute);
        parts.add(low == high ? Filters.eq(field, low) : Filters.between(field, low, high));
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
  }

  @Override
  public void close() {
    database.close();
  }
}
