package io.capsdb.caps;

import io.capsdb.index.Hits;
import io.capsdb.index.TopK;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the nearest rows of many queries at once, in the partitions around each: on until twice as
/// many partitions were looked at as the last one that added a row, so that hardly a row is missed.
///
/// Partition by partition, all queries that look at it are compared with its rows while these are
/// in the cache: reading them is what costs.
final class NearRows {
  /// Partitions that are looked at in any case: a part of all, but no fewer than some.
  private static final int NEAR_PART = 32;

  private static final int LEAST_NEAR = 24;

  /// Where there are few, this part of them.
  private static final int LEAST_PART = 4;

  /// Partitions of a query that are looked at before its rows are ranked; bounds the memory.
  private static final int STEP = 64;

  private final Metric metric;
  private final VectorMatrix rows;
  private final int[][] members;
  private final int count;
  private final List<Asked> queries = new ArrayList<>();

  /// @param members the rows of each partition
  /// @param count of nearest rows that are wanted
  NearRows(Metric metric, VectorMatrix rows, int[][] members, int count) {
    this.metric = metric;
    this.rows = rows;
    this.members = members;
    this.count = count;
  }

  /// A query on its way through the partitions.
  private final class Asked {
    final int own;
    final float[] vector;
    final int[] order;
    final TopK nearest = new TopK(count);
    float[][] distances = new float[0][];
    int from;
    int to;
    int limit;

    Asked(int own, float[] vector, float[] toCentroids) {
      this.own = own;
      this.vector = vector;
      long[] sorted = new long[toCentroids.length];
      for (int i = 0; i < sorted.length; i++) {
        // Bits of floats of one sign ascend as they do.
        sorted[i] = (long) Float.floatToIntBits(Math.max(0, toCentroids[i])) << 32 | i;
      }
      Arrays.sort(sorted);
      this.order = Arrays.stream(sorted).mapToInt(each -> (int) each).toArray();
      int least = Math.min(LEAST_NEAR, (order.length + LEAST_PART - 1) / LEAST_PART);
      this.limit = Math.max(least, order.length / NEAR_PART);
    }

    void begin() {
      to = Math.min(Math.min(limit, order.length), from + STEP);
      distances = new float[to - from][];
    }

    void compare(int place) {
      int[] block = members[order[place]];
      float[] own = new float[block.length];
      Kernels.best().distances(metric, vector, rows, block, block.length, own);
      distances[place - from] = own;
    }

    void rank() {
      for (int place = from; place < to; place++) {
        int[] block = members[order[place]];
        float before = nearest.radius();
        for (int i = 0; i < block.length; i++) {
          if (block[i] != own) {
            nearest.offer(distances[place - from][i], block[i]);
          }
        }
        boolean isNearer = nearest.radius() < before || !nearest.isFull();
        limit = isNearer ? Math.max(limit, 2 * (place + 1)) : limit;
      }
      from = to;
    }
  }

  /// Adds a query.
  ///
  /// @param own row that is no answer to it; -1 for none
  /// @param toCentroids distances to all centroids
  void add(int own, float[] query, float[] toCentroids) {
    queries.add(new Asked(own, query, toCentroids));
  }

  /// The nearest rows of each query, in the order in which they were added. Once.
  List<Hits> find() {
    while (true) {
      List<List<Runnable>> byPartition = new ArrayList<>();
      members().forEach(_ -> byPartition.add(new ArrayList<>(0)));
      boolean isDone = true;
      for (Asked query : queries) {
        query.begin();
        for (int place = query.from; place < query.to; place++) {
          int at = place;
          byPartition.get(query.order[place]).add(() -> query.compare(at));
          isDone = false;
        }
      }
      if (isDone) {
        return queries.stream().map(query -> query.nearest.drain()).toList();
      }
      byPartition.parallelStream().forEach(tasks -> tasks.forEach(Runnable::run));
      queries.parallelStream().forEach(Asked::rank);
    }
  }

  private IntStream members() {
    return IntStream.range(0, members.length);
  }
}
