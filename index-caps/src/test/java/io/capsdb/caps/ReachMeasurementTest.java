package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.vector.ElementType;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReachMeasurementTest {
  private static final int ROWS = 40_000;
  private static final int DIMENSION = 12;
  private static final int ASKED = 400;
  private static final int HITS = 10;

  /// Rows that were not asked lose what was measured, roughly: 4,000 hits of them are looked at.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void otherRowsLoseAboutAsManyHitsAsWasMeasured(long seed) {
    Random random = new Random(seed);
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix rows = clusters(random, arena);
      PartitionSpace space = PartitionSpace.of(Metric.EUCLID, rows);
      Partitioner.Partitions partitions =
          new Partitioner(space.spaceMetric(), rows, CapsParams.DEFAULT, random, _ -> {})
              .partition();
      Reach reach = new ReachMeasurement(space, rows, partitions).measure();
      for (double lost : new double[] {0.1, 0.01, 0.002}) {
        double really =
            IntStream.range(0, ASKED)
                .mapToDouble(
                    i -> lost(rows, 7 + i * (ROWS / ASKED), partitions, reach.excess(lost, 0)))
                .average()
                .orElseThrow();
        assertThat(really)
            .as("seed %d, share lost for %s", seed, lost)
            .isBetween(lost / 4, 3 * lost);
      }
    }
  }

  private static VectorMatrix clusters(Random random, Arena arena) {
    float[][] centers = new float[60][];
    Arrays.setAll(centers, _ -> gaussian(random, new float[DIMENSION], 2));
    VectorMatrix rows = VectorMatrix.allocate(arena, ROWS, DIMENSION, ElementType.FLOAT32);
    for (int row = 0; row < ROWS; row++) {
      rows.setRow(row, gaussian(random, centers[random.nextInt(centers.length)], 1));
    }
    return rows;
  }

  private static float[] gaussian(Random random, float[] mean, double deviation) {
    float[] values = new float[mean.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean[i] + deviation * random.nextGaussian());
    }
    return values;
  }

  /// The share of the nearest rows in partitions beyond an excess, by brute force.
  private static double lost(
      VectorMatrix rows, int query, Partitioner.Partitions partitions, float excess) {
    float[] vector = rows.row(query);
    float[][] centroids = partitions.centroids();
    float[] toCentroids = new float[centroids.length];
    for (int i = 0; i < toCentroids.length; i++) {
      toCentroids[i] = distance(vector, centroids[i]);
    }
    float least = toCentroids[KMeans.smallest(toCentroids, toCentroids.length)];
    float[] distances = new float[ROWS];
    Kernels.best().distances(Metric.EUCLID, vector, rows, 0, ROWS, distances);
    distances[query] = Float.MAX_VALUE;
    float[] sorted = distances.clone();
    Arrays.sort(sorted);
    float radius = sorted[HITS - 1];
    return IntStream.range(0, ROWS)
            .filter(row -> distances[row] <= radius)
            .filter(row -> toCentroids[partitions.partitionOf()[row]] - least > excess * radius)
            .count()
        / (double) HITS;
  }

  private static float distance(float[] a, float[] b) {
    return Kernels.best().distance(Metric.EUCLID, a, b);
  }
}
