package io.capsdb.caps;

import io.capsdb.index.Hits;
import io.capsdb.index.TopK;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Measures the [Reach] of partitions: evenly spread rows are asked for their nearest rows,
/// exactly.
///
/// Cost: [#QUERIES] distances for each row.
final class ReachMeasurement {
  private static final int QUERIES = 128;
  private static final int TASKS = 4;

  /// Rows that stay in the cache while all queries are compared with them.
  private static final int BLOCK = 128;

  /// Of the nearest rows of a rank no more are looked at, evenly spread.
  private static final int LOOKED_AT = 128;

  /// A rank is measured where it is no more than this part of the rows.
  private static final int LEAST_PART = 4;

  private static final double DEFAULT_LOST = 0.002;

  private final Kernels kernels = Kernels.best();
  private final PartitionSpace space;
  private final Metric metric;
  private final VectorMatrix rows;
  private final Partitioner.Partitions partitions;
  private final int[] sizes;
  private final int[] ranks;

  /// What one query tells, for each rank.
  ///
  /// @param widths squared radius by squared distance of the nearest centroid
  /// @param excesses of the partitions of the rows that were looked at
  /// @param distances squared distance to each centroid, less the nearest one's
  /// @param radii squared
  @SuppressWarnings("ArrayRecordComponent") // made and read here
  private record Asked(float[] widths, float[][] excesses, float[] distances, float[] radii) {}

  /// @param rows in the space, in input order
  ReachMeasurement(PartitionSpace space, VectorMatrix rows, Partitioner.Partitions partitions) {
    this.space = space;
    this.metric = space.spaceMetric();
    this.rows = rows;
    this.partitions = partitions;
    this.sizes = partitions.sizes();
    this.ranks =
        Arrays.stream(Reach.RANKS).filter(rank -> rank <= rows.rowCount() / LEAST_PART).toArray();
  }

  Reach measure() {
    int count = Math.min(QUERIES, rows.rowCount());
    if (ranks.length == 0 || partitions.centroids().length < 2) {
      return Reach.UNKNOWN;
    }
    int[] queries =
        IntStream.range(0, count).map(i -> (int) ((long) i * rows.rowCount() / count)).toArray();
    List<Asked> asked =
        IntStream.range(0, TASKS)
            .parallel()
            .mapToObj(
                task ->
                    ask(
                        Arrays.copyOfRange(
                            queries, task * count / TASKS, (task + 1) * count / TASKS)))
            .flatMap(List::stream)
            .toList();
    float[] widths = new float[ranks.length];
    float[] excesses = new float[ranks.length * Reach.LOST.length];
    for (int rank = 0; rank < ranks.length; rank++) {
      int own = rank;
      widths[rank] =
          sorted(asked.stream().map(each -> new float[] {each.widths()[own]}))[count / 2];
      widths[rank] = Math.max(widths[rank], rank == 0 ? 0 : widths[rank - 1]);
      float[] all = sorted(asked.stream().map(each -> each.excesses()[own]));
      for (int i = 0; i < Reach.LOST.length; i++) {
        int kept = (int) Math.ceil((1 - Reach.LOST[i]) * all.length);
        excesses[rank * Reach.LOST.length + i] = all[Math.clamp(kept - 1, 0, all.length - 1)];
      }
    }
    Reach reach = new Reach(widths, excesses, new float[0]);
    float[] visited = new float[ranks.length];
    for (int rank = 0; rank < ranks.length; rank++) {
      double total = 0;
      for (Asked each : asked) {
        float excess = reach.excess(DEFAULT_LOST, each.widths()[rank]);
        total += rowsWithin(each.distances(), excess * each.radii()[rank]);
      }
      visited[rank] = (float) (total / asked.size());
    }
    return new Reach(widths, excesses, visited);
  }

  private static float[] sorted(java.util.stream.Stream<float[]> parts) {
    List<float[]> all = parts.toList();
    float[] joined = new float[all.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : all) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    Arrays.sort(joined);
    return joined;
  }

  private double rowsWithin(float[] distances, float limit) {
    long within = 0;
    for (int partition = 0; partition < distances.length; partition++) {
      within += distances[partition] <= limit ? sizes[partition] : 0;
    }
    return within;
  }

  private List<Asked> ask(int[] queries) {
    float[][] vectors = new float[queries.length][];
    TopK[] nearest = new TopK[queries.length];
    for (int i = 0; i < queries.length; i++) {
      // As a query the row has not what completes it.
      vectors[i] = space.query(Arrays.copyOf(rows.row(queries[i]), space.dimension()));
      nearest[i] = new TopK(ranks[ranks.length - 1]);
    }
    float[] distances = new float[BLOCK];
    for (int from = 0; from < rows.rowCount(); from += BLOCK) {
      int length = Math.min(BLOCK, rows.rowCount() - from);
      for (int i = 0; i < queries.length; i++) {
        kernels.distances(metric, vectors[i], rows, from, length, distances);
        for (int j = 0; j < length; j++) {
          if (from + j != queries[i]) {
            nearest[i].offer(distances[j], from + j);
          }
        }
      }
    }
    return IntStream.range(0, queries.length)
        .mapToObj(i -> asked(vectors[i], nearest[i].drain()))
        .toList();
  }

  private Asked asked(float[] query, Hits hits) {
    float[][] centroids = partitions.centroids();
    float[] distances = new float[centroids.length];
    float least = Float.MAX_VALUE;
    for (int i = 0; i < centroids.length; i++) {
      distances[i] = kernels.distance(metric, query, centroids[i]);
      least = Math.min(least, distances[i]);
    }
    for (int i = 0; i < centroids.length; i++) {
      distances[i] -= least;
    }
    float[] widths = new float[ranks.length];
    float[] radii = new float[ranks.length];
    float[][] excesses = new float[ranks.length][];
    for (int rank = 0; rank < ranks.length; rank++) {
      int count = Math.min(ranks[rank], hits.size());
      radii[rank] = Math.max(hits.distances()[count - 1], Float.MIN_NORMAL);
      widths[rank] = Math.min(radii[rank] / Math.max(least, Float.MIN_NORMAL), Float.MAX_VALUE);
      int looked = Math.min(count, LOOKED_AT);
      excesses[rank] = new float[looked];
      for (int i = 0; i < looked; i++) {
        int row = (int) hits.keys()[(int) ((long) i * count / looked)];
        excesses[rank][i] = distances[partitions.partitionOf()[row]] / radii[rank];
      }
    }
    return new Asked(widths, excesses, distances, radii);
  }
}
