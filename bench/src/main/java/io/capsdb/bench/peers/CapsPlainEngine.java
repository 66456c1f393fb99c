package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// CAPS as its paper has it (Gupta et al., 2023): k-means partitions, in each an attribute
/// frequency tree of height 20, rows in the order of partitions and slots as floats. A search walks
/// the partitions, nearest centroid first, tests the rows of the slots that can match, and stops
/// when it has a fixed number of candidates, which are then scored.
///
/// The paper knows equal values only; a range here passes over the slots whose value lies outside.
final class CapsPlainEngine implements Engine {
  private static final int HEIGHT = 20;

  private final Arena arena = Arena.ofShared();
  private @Nullable Index index;

  /// @param rows in the order of partitions and slots
  /// @param ids the row of the data set at each place
  /// @param attributes of each place, one after the other
  /// @param slotStart by partition: where each slot begins, and where the last one ends
  @SuppressWarnings("ArrayRecordComponent") // built once, never compared
  private record Index(
      DataSet set,
      VectorMatrix rows,
      int[] ids,
      int[] attributes,
      VectorMatrix centroids,
      FrequencyTree[] trees,
      int[][] slotStart) {}

  @Override
  public String version() {
    return "ours";
  }

  @Override
  public String settings() {
    int partitions = index == null ? 0 : index.trees().length;
    return partitions + " partitions, height " + HEIGHT;
  }

  @Override
  public void build(DataSet set, BuiltFolder folder, Progress progress) {
    int count = (int) Math.max(1, Math.round(Math.sqrt(set.rowCount())));
    KMeans means = new KMeans(set.rows(), count, arena);
    VectorMatrix centroids =
        means.train(new SplittableRandom(7), share -> progress.at(0.7 * share));
    int[] partitionOf = means.nearest(IntStream.range(0, set.rowCount()).toArray());
    progress.at(0.9);
    int[][] members = members(partitionOf, count);
    FrequencyTree[] trees = new FrequencyTree[count];
    int[][] slotStart = new int[count][];
    int[] ids = new int[set.rowCount()];
    int place = 0;
    for (int partition = 0; partition < count; partition++) {
      FrequencyTree tree = FrequencyTree.of(set.columns(), members[partition], HEIGHT);
      int[] slots =
          Arrays.stream(members[partition]).map(row -> tree.slotOf(set.columns(), row)).toArray();
      int[] members1 = members[partition];
      int[] order =
          IntStream.range(0, slots.length)
              .boxed()
              .sorted(Comparator.comparingInt(i -> slots[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      int[] start = new int[tree.slotCount() + 1];
      for (int slot : slots) {
        start[slot + 1]++;
      }
      start[0] = place;
      for (int slot = 1; slot < start.length; slot++) {
        start[slot] += start[slot - 1];
      }
      for (int i : order) {
        ids[place++] = members1[i];
      }
      trees[partition] = tree;
      slotStart[partition] = start;
    }
    index =
        new Index(
            set,
            reordered(set.rows(), ids),
            ids,
            attributes(set, ids),
            centroids,
            trees,
            slotStart);
  }

  private static int[][] members(int[] partitionOf, int count) {
    int[] sizes = new int[count];
    for (int partition : partitionOf) {
      sizes[partition]++;
    }
    int[][] members = new int[count][];
    Arrays.setAll(members, i -> new int[sizes[i]]);
    int[] next = new int[count];
    for (int row = 0; row < partitionOf.length; row++) {
      members[partitionOf[row]][next[partitionOf[row]]++] = row;
    }
    return members;
  }

  private VectorMatrix reordered(VectorMatrix rows, int[] ids) {
    MemorySegment segment = arena.allocate(rows.offset(ids.length), 64);
    for (int place = 0; place < ids.length; place++) {
      MemorySegment.copy(
          rows.segment(), rows.offset(ids[place]), segment, rows.offset(place), rows.rowBytes());
    }
    return new VectorMatrix(segment, ids.length, rows.dimension());
  }

  private static int[] attributes(DataSet set, int[] ids) {
    int width = set.columns().length;
    int[] attributes = new int[width * ids.length];
    for (int place = 0; place < ids.length; place++) {
      for (int attribute = 0; attribute < width; attribute++) {
        attributes[place * width + attribute] = set.columns()[attribute][ids[place]];
      }
    }
    return attributes;
  }

  /// Ids, attributes, centroids, and the values and places of the slots.
  @Override
  public long bytesBeyondRaw() {
    Index built = built();
    long slots = Arrays.stream(built.slotStart()).mapToLong(start -> start.length).sum();
    return 4L * built.ids().length
        + 4L * built.attributes().length
        + built.centroids().offset(built.centroids().rowCount())
        + 12 * slots;
  }

  @Override
  public List<Setting> sweep(int k) {
    return Setting.each(
        "budget",
        IntStream.of(5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
            .mapToDouble(times -> times * (double) k)
            .toArray());
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    Index built = built();
    int[] candidates = new int[(int) Math.min(setting.effort(), built.ids().length)];
    float[] distances = new float[built.trees().length];
    long[] order = new long[distances.length];
    return query -> {
      float[] vector = built.set().queries()[query];
      Kernels.best()
          .distances(Metric.EUCLID, vector, built.centroids(), 0, distances.length, distances);
      for (int i = 0; i < order.length; i++) {
        order[i] = ((long) Float.floatToRawIntBits(distances[i]) << 32) | i;
      }
      Arrays.sort(order);
      int count = 0;
      for (int i = 0; i < order.length && count < candidates.length; i++) {
        count = collect(built, (int) order[i], ranges, query, candidates, count);
      }
      NearestRows nearest = new NearestRows(built.set().metric(), built.rows(), vector, k);
      for (int i = 0; i < count; i++) {
        nearest.add(candidates[i]);
      }
      int[] found = nearest.take();
      Arrays.setAll(found, i -> built.ids()[found[i]]);
      return found;
    };
  }

  /// Adds the matching rows of a partition until the candidates are full; their new count.
  private static int collect(
      Index index, int partition, Ranges ranges, int query, int[] candidates, int before) {
    FrequencyTree tree = index.trees()[partition];
    int[] start = index.slotStart()[partition];
    int count = before;
    for (int slot = 0; slot < tree.slotCount(); slot++) {
      if (!tree.isSkipped(ranges, query, slot)) {
        for (int place = start[slot];
            place < start[slot + 1] && count < candidates.length;
            place++) {
          if (matches(index.attributes(), ranges, query, place)) {
            candidates[count++] = place;
          }
        }
        if (tree.isLast(ranges, query, slot)) {
          break;
        }
      }
    }
    return count;
  }

  private static boolean matches(int[] attributes, Ranges ranges, int query, int place) {
    int width = ranges.attributeCount();
    for (int attribute = 0; attribute < width; attribute++) {
      int low = ranges.low(query, attribute);
      int value = attributes[place * width + attribute];
      if (low != Ranges.FREE && (value < low || value > ranges.high(query, attribute))) {
        return false;
      }
    }
    return true;
  }

  private Index built() {
    return Objects.requireNonNull(index, "not built");
  }

  @Override
  public void close() {
    arena.close();
  }
}
