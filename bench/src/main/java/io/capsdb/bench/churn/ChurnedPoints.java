package io.capsdb.bench.churn;

import io.capsdb.Collection;
import io.capsdb.Filters;
import io.capsdb.Point;
import io.capsdb.bench.data.DataSet;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a collection holds while it is changed, kept beside it: two thirds of the rows of a data
/// set to begin with, whose third third is what inserts and overwrites bring. No row is there
/// twice.
final class ChurnedPoints {
  private static final int BATCH = 1_000;
  private static final int PAYLOAD_BATCH = 100;

  /// Points are dealt out to so many groups, which deletes by filter take as a whole.
  private static final int GROUPS = 200;

  private static final String GROUP = "group";
  private static final int GONE = -1;

  private final DataSet set;
  private final SplittableRandom random;
  private final int begin;

  /// By id, the row whose vector the point has, and the row whose attributes; [#GONE] where there
  /// is no point.
  private final int[] vectorOf;

  private final int[] payloadOf;
  private int nextNew;
  private int nextId;

  ChurnedPoints(DataSet set, SplittableRandom random) {
    this.set = set;
    this.random = random;
    this.begin = set.rowCount() / 3 * 2;
    this.vectorOf = new int[set.rowCount()];
    this.payloadOf = new int[set.rowCount()];
    Arrays.fill(vectorOf, GONE);
    for (int id = 0; id < begin; id++) {
      vectorOf[id] = id;
      payloadOf[id] = id;
    }
    this.nextNew = begin;
    this.nextId = begin;
  }

  /// Points that there were at first.
  int begin() {
    return begin;
  }

  int count() {
    return (int) Arrays.stream(vectorOf).filter(row -> row != GONE).count();
  }

  /// Stores the points as they are now.
  void store(Collection collection) {
    upsert(collection, IntStream.range(0, nextId).filter(id -> vectorOf[id] != GONE).toArray());
  }

  private void upsert(Collection collection, int[] ids) {
    for (int from = 0; from < ids.length; from += BATCH) {
      List<Point> batch = new ArrayList<>();
      for (int id : Arrays.copyOfRange(ids, from, Math.min(ids.length, from + BATCH))) {
        batch.add(Point.of(id, set.rows().row(vectorOf[id]), payload(id, payloadOf[id])));
      }
      collection.upsert(batch);
    }
  }

  private Map<String, @Nullable Object> payload(int id, int row) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put(GROUP, id % GROUPS);
    for (int attribute = 0; attribute < set.columns().length; attribute++) {
      payload.put(set.attributes().get(attribute), set.columns()[attribute][row]);
    }
    return payload;
  }

  /// Changes about so many points.
  void change(Collection collection, Churn churn, int count) {
    switch (churn) {
      case INSERTS -> insert(collection, count);
      case OVERWRITES -> overwrite(collection, count);
      case DELETES -> delete(collection, count);
      case DELETES_BY_FILTER -> deleteGroups(collection, count);
      case PAYLOADS -> changePayloads(collection, count);
      case MIXED -> mix(collection, count);
    }
  }

  private void insert(Collection collection, int count) {
    int[] ids = IntStream.range(nextId, nextId + count).toArray();
    nextId += count;
    for (int id : ids) {
      vectorOf[id] = nextNew;
      payloadOf[id] = nextNew++;
    }
    upsert(collection, ids);
  }

  private void overwrite(Collection collection, int count) {
    int[] ids = some(count);
    for (int id : ids) {
      vectorOf[id] = nextNew;
      payloadOf[id] = nextNew++;
    }
    upsert(collection, ids);
  }

  private void delete(Collection collection, int count) {
    int[] ids = some(count);
    for (int from = 0; from < ids.length; from += BATCH) {
      List<PointId> batch = new ArrayList<>();
      for (int id : Arrays.copyOfRange(ids, from, Math.min(ids.length, from + BATCH))) {
        batch.add(PointId.of(id));
        vectorOf[id] = GONE;
      }
      collection.delete(batch);
    }
  }

  private void deleteGroups(Collection collection, int count) {
    int[] groups = IntStream.range(0, GROUPS).toArray();
    shuffle(groups);
    int deleted = 0;
    for (int i = 0; deleted < count; i++) {
      collection.delete(Filters.eq(GROUP, groups[i]));
      for (int id = groups[i]; id < nextId; id += GROUPS) {
        deleted += vectorOf[id] == GONE ? 0 : 1;
        vectorOf[id] = GONE;
      }
    }
  }

  private void changePayloads(Collection collection, int count) {
    int[] ids = some(count);
    for (int from = 0; from < ids.length; from += PAYLOAD_BATCH) {
      int row = random.nextInt(set.rowCount());
      List<PointId> batch = new ArrayList<>();
      for (int id : Arrays.copyOfRange(ids, from, Math.min(ids.length, from + PAYLOAD_BATCH))) {
        batch.add(PointId.of(id));
        payloadOf[id] = row;
      }
      Map<String, @Nullable Object> attributes = payload(0, row);
      attributes.remove(GROUP);
      collection.changePayloads(
          batch,
          old -> {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(old.fields());
            fields.putAll(attributes);
            return Payload.of(fields);
          });
    }
  }

  /// A little of everything, in turn.
  private void mix(Collection collection, int count) {
    Set<Churn> kinds = EnumSet.complementOf(EnumSet.of(Churn.MIXED));
    for (int done = 0; done < count; ) {
      for (Churn kind : kinds) {
        int some = Math.min(BATCH, count - done);
        if (some > 0) {
          change(collection, kind, some);
        }
        done += some;
      }
    }
  }

  /// Distinct ids of points that are there.
  private int[] some(int count) {
    int[] there = IntStream.range(0, nextId).filter(id -> vectorOf[id] != GONE).toArray();
    shuffle(there);
    return Arrays.copyOf(there, Math.min(count, there.length));
  }

  private void shuffle(int[] values) {
    for (int i = 0; i < values.length; i++) {
      int other = i + random.nextInt(values.length - i);
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
  }
}
