package io.capsdb.bench.soak;

import io.capsdb.Collection;
import io.capsdb.Hit;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.HitRows;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.segment.OneSegment;
import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the collection must hold: for each id the rows of the data set that its vector and its
/// payload come from. For the one that holds the lock of the soak.
final class SoakModel {
  private static final int ABSENT = -1;

  private final DataSet set;
  private int[] rowOf = new int[1 << 16];
  private int[] payloadOf = new int[1 << 16];
  private int idCount;
  private long live;

  /// What one look at the collection found.
  ///
  /// @param recall of a search with default settings
  /// @param fault what is wrong; empty when nothing is
  record Look(double recall, String fault) {}

  SoakModel(DataSet set) {
    this.set = set;
  }

  /// Ids given so far: `0 .. idCount - 1`.
  int idCount() {
    return idCount;
  }

  long live() {
    return live;
  }

  boolean isLive(int id) {
    return rowOf[id] != ABSENT;
  }

  int addId() {
    if (idCount == rowOf.length) {
      rowOf = Arrays.copyOf(rowOf, 2 * idCount);
      payloadOf = Arrays.copyOf(payloadOf, 2 * idCount);
    }
    rowOf[idCount] = ABSENT;
    return idCount++;
  }

  /// The point of an id made from a row; noted by [#put] when it was stored.
  Point point(int id, int row) {
    return Point.of(id, set.rows().row(row), payload(row));
  }

  /// The attributes of a row.
  Payload payload(int row) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    for (int attribute = 0; attribute < set.columns().length; attribute++) {
      payload.put(set.attributes().get(attribute), set.columns()[attribute][row]);
    }
    return Payload.of(payload);
  }

  void put(int id, int row) {
    live += rowOf[id] == ABSENT ? 1 : 0;
    rowOf[id] = row;
    payloadOf[id] = row;
  }

  /// Gives a live id the payload of another row.
  void change(int id, int row) {
    payloadOf[id] = row;
  }

  private boolean isMatch(Ranges ranges, int query, int id) {
    return isLive(id) && ranges.matches(query, set.columns(), payloadOf[id]);
  }

  void remove(int id) {
    live -= rowOf[id] == ABSENT ? 0 : 1;
    rowOf[id] = ABSENT;
  }

  /// Removes what satisfies a query.
  void removeMatching(Ranges ranges, int query) {
    for (int id = 0; id < idCount; id++) {
      if (isMatch(ranges, query, id)) {
        remove(id);
      }
    }
  }

  /// Compares one search, its exact form and a count with what they must be.
  Look look(Collection collection, Ranges ranges, int query, int k) {
    float[] vector = set.queries()[query];
    List<Float> nearest = new ArrayList<>();
    Kernels kernels = Kernels.best();
    Metric metric = set.metric();
    float[] row = new float[set.dimension()];
    long matches = 0;
    for (int id = 0; id < idCount; id++) {
      if (isMatch(ranges, query, id)) {
        set.rows().copyRow(rowOf[id], row);
        nearest.add(kernels.distance(metric, vector, row));
        matches++;
      }
    }
    nearest.sort(null);
    Filter filter = OneSegment.filter(set, ranges, query);
    long counted = collection.count(filter);
    if (counted != matches) {
      return new Look(0, "count of " + filter + " is " + counted + ", must be " + matches);
    }
    int wanted = (int) Math.min(k, matches);
    SearchRequest request = SearchRequest.nearest(vector).filter(filter).limit(k);
    List<Hit> exact = collection.search(request.exact(true)).hits();
    if (exact.size() != wanted) {
      return new Look(0, exact.size() + " exact hits, must be " + wanted);
    }
    for (int i = 0; i < wanted; i++) {
      float found = distance(kernels, metric, vector, exact.get(i), row);
      if (found > nearest.get(i) * 1.0001f + 1e-5f) {
        return new Look(0, "exact hit " + i + " is at " + found + ", must be " + nearest.get(i));
      }
    }
    List<Hit> hits = collection.search(request).hits();
    int near = 0;
    for (Hit hit : hits) {
      int id = HitRows.row(hit.id());
      if (!isMatch(ranges, query, id)) {
        return new Look(0, "hit " + id + " is deleted or does not match");
      }
      float limit = nearest.get(wanted - 1) * 1.0001f + 1e-5f;
      near += distance(kernels, metric, vector, hit, row) <= limit ? 1 : 0;
    }
    return hits.size() == wanted
        ? new Look(wanted == 0 ? 1 : (double) near / wanted, "")
        : new Look(0, hits.size() + " hits, must be " + wanted);
  }

  private float distance(Kernels kernels, Metric metric, float[] vector, Hit hit, float[] row) {
    int id = HitRows.row(hit.id());
    if (!isLive(id)) {
      return Float.POSITIVE_INFINITY;
    }
    set.rows().copyRow(rowOf[id], row);
    return kernels.distance(metric, vector, row);
  }
}
