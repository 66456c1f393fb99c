package io.capsdb.caps;

import io.capsdb.index.Hits;
import io.capsdb.index.TopK;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

  private static final double DEFAULT_RECALL = 0.99;

  private final Kernels kernels = Kernels.best();
  private final PartitionSpace space;
  private final VectorMatrix rows;
  private final Partitioner.Partitions partitions;
  private final int[] sizes;

  /// What one query tells.
  ///
  /// @param hitRatios of the partitions of its nearest ten rows
  /// @param ratios of all partitions, times the radius
  /// @param radii of the nearest 10, 100 and 1,000 rows
  @SuppressWarnings("ArrayRecordComponent") // made and read here
  private record Asked(List<Float> hitRatios, float[] ratios, float[] radii) {}

  /// @param rows in the space, in input order
  ReachMeasurement(PartitionSpace space, VectorMatrix rows, Partitioner.Partitions partitions) {
    this.space = space;
    this.rows = rows;
    this.partitions = partitions;
    this.sizes = partitions.sizes();
  }

  Reach measure() {
    int count = Math.min(QUERIES, rows.rowCount());
    if (space.spaceMetric() != Metric.EUCLID || count < 2 || partitions.centroids().length < 2) {
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
    List<Float> ratios = new ArrayList<>();
    asked.forEach(each -> ratios.addAll(each.hitRatios()));
    Collections.sort(ratios);
    float[] atLost = new float[Reach.LOST.length];
    for (int i = 0; i < atLost.length; i++) {
      int kept = (int) Math.ceil((1 - Reach.LOST[i]) * ratios.size());
      atLost[i] = ratios.get(Math.clamp(kept - 1, 0, ratios.size() - 1));
    }
    float ratio = new Reach(atLost, new float[0]).ratio(DEFAULT_RECALL);
    float[] visited = new float[Reach.NEAREST.length];
    for (int i = 0; i < visited.length; i++) {
      double total = 0;
      for (Asked each : asked) {
        total += rowsWithin(each.ratios(), ratio * each.radii()[i]);
      }
      visited[i] = (float) (total / asked.size());
    }
    return new Reach(atLost, visited);
  }

  private double rowsWithin(float[] heights, float limit) {
    long within = 0;
    for (int partition = 0; partition < heights.length; partition++) {
      within += heights[partition] <= limit ? sizes[partition] : 0;
    }
    return within;
  }

  private List<Asked> ask(int[] queries) {
    float[][] vectors = new float[queries.length][];
    TopK[] nearest = new TopK[queries.length];
    for (int i = 0; i < queries.length; i++) {
      // As a query the row has not what completes it.
      vectors[i] = space.query(Arrays.copyOf(rows.row(queries[i]), space.dimension()));
      nearest[i] = new TopK(Reach.NEAREST[Reach.NEAREST.length - 1]);
    }
    float[] distances = new float[BLOCK];
    for (int from = 0; from < rows.rowCount(); from += BLOCK) {
      int length = Math.min(BLOCK, rows.rowCount() - from);
      for (int i = 0; i < queries.length; i++) {
        kernels.distances(Metric.EUCLID, vectors[i], rows, from, length, distances);
        for (int j = 0; j < length; j++) {
          if (from + j != queries[i]) {
            nearest[i].offer(distances[j], from + j);
          }
        }
      }
    }
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < queries.length; i++) {
      asked.add(asked(vectors[i], nearest[i].drain()));
    }
    return asked;
  }

  private Asked asked(float[] query, Hits hits) {
    float[][] centroids = partitions.centroids();
    float[] heights = new float[centroids.length];
    int first = 0;
    for (int i = 0; i < centroids.length; i++) {
      heights[i] = kernels.squaredL2(query, centroids[i]);
      first = heights[i] < heights[first] ? i : first;
    }
    float least = heights[first];
    for (int i = 0; i < centroids.length; i++) {
      heights[i] = height(heights[i], least, kernels.squaredL2(centroids[i], centroids[first]));
    }
    float[] radii = new float[Reach.NEAREST.length];
    for (int i = 0; i < radii.length; i++) {
      int last = Math.min(Reach.NEAREST[i], hits.size()) - 1;
      radii[i] = (float) Math.sqrt(Math.max(0, hits.distances()[last]));
    }
    List<Float> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(Reach.NEAREST[0], hits.size()); i++) {
      float height = heights[partitions.partitionOf()[(int) hits.keys()[i]]];
      ratios.add(height <= 0 ? 0 : height / radii[0]);
    }
    return new Asked(ratios, heights, radii);
  }

  /// Distance of a query to the plane halfway between two centroids.
  ///
  /// @param distance squared distance to the farther one
  /// @param least squared distance to the nearer one
  /// @param apart squared distance of the two
  static float height(float distance, float least, float apart) {
    return apart <= 0 ? 0 : (distance - least) / (2 * (float) Math.sqrt(apart));
  }
}
