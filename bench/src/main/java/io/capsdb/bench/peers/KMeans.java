package io.capsdb.bench.peers;

import io.capsdb.vector.Floats;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Lloyd's k-means as plain as it can be: random rows as first centroids, a fixed number of rounds
/// on a sample, no balancing.
final class KMeans {
  private static final int ROUNDS = 10;
  private static final int SAMPLE_PER_CENTROID = 256;

  private final VectorMatrix rows;
  private final VectorMatrix centroids;

  /// @param arena holds the centroids
  KMeans(VectorMatrix rows, int count, Arena arena) {
    this.rows = rows;
    this.centroids =
        new VectorMatrix(arena.allocate(count * rows.rowBytes(), 64), count, rows.dimension());
  }

  /// @param progress takes the share done
  VectorMatrix train(RandomGenerator random, DoubleConsumer progress) {
    int count = centroids.rowCount();
    int sampled = (int) Math.min(rows.rowCount(), (long) count * SAMPLE_PER_CENTROID);
    int[] sample = new int[sampled];
    Arrays.setAll(sample, i -> (int) ((i + random.nextDouble()) * rows.rowCount() / sampled));
    for (int i = 0; i < count; i++) {
      set(i, rows.row(sample[(int) ((i + random.nextDouble()) * sampled / count)]));
    }
    for (int round = 0; round < ROUNDS; round++) {
      move(sample, nearest(sample));
      progress.accept((round + 1.0) / ROUNDS);
    }
    return centroids;
  }

  /// The nearest centroid of each of some rows.
  int[] nearest(int[] some) {
    int[] nearest = new int[some.length];
    IntStream.range(0, some.length)
        .parallel()
        .forEach(
            i -> {
              float[] distances = new float[centroids.rowCount()];
              Kernels.best()
                  .distances(
                      Metric.EUCLID, rows.row(some[i]), centroids, 0, distances.length, distances);
              int best = 0;
              for (int j = 1; j < distances.length; j++) {
                best = distances[j] < distances[best] ? j : best;
              }
              nearest[i] = best;
            });
    return nearest;
  }

  /// Moves each centroid to the mean of its rows; those without any stay.
  private void move(int[] sample, int[] nearest) {
    double[][] sums = new double[centroids.rowCount()][rows.dimension()];
    int[] counts = new int[sums.length];
    for (int i = 0; i < sample.length; i++) {
      float[] row = rows.row(sample[i]);
      double[] sum = sums[nearest[i]];
      counts[nearest[i]]++;
      for (int d = 0; d < row.length; d++) {
        sum[d] += row[d];
      }
    }
    for (int i = 0; i < sums.length; i++) {
      if (counts[i] > 0) {
        float[] mean = new float[rows.dimension()];
        for (int d = 0; d < mean.length; d++) {
          mean[d] = (float) (sums[i][d] / counts[i]);
        }
        set(i, mean);
      }
    }
  }

  private void set(int centroid, float[] values) {
    MemorySegment.copy(
        values,
        0,
        centroids.segment(),
        Floats.LITTLE_ENDIAN,
        centroids.offset(centroid),
        values.length);
  }
}
