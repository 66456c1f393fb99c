package io.capsdb.caps;

import io.capsdb.vector.Floats;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Lloyd's algorithm over some rows of a matrix, and its two steps. Distances are computed on all
/// processors; the result depends on the random numbers alone. Not for more than one thread.
final class KMeans {
  private static final int CHUNK = 512;

  /// A block is [Kernels#COLUMNS] wide at least: so few centroids are compared faster one by one.
  private static final int FEW = 4;

  private final Metric metric;
  private final VectorMatrix rows;
  private final int rounds;
  private final RandomGenerator random;

  /// @param rows in the [PartitionSpace]
  KMeans(Metric metric, VectorMatrix rows, int rounds, RandomGenerator random) {
    this.metric = metric;
    this.rows = rows;
    this.rounds = rounds;
    this.random = random;
  }

  Metric metric() {
    return metric;
  }

  VectorMatrix rows() {
    return rows;
  }

  /// At most so many centroids, from random distinct members; an emptied centroid moves onto a
  /// random member.
  ///
  /// @param progress is told the share of the rounds that are done
  float[][] centroids(int[] members, int wanted, DoubleConsumer progress) {
    int count = Math.min(wanted, members.length);
    float[][] centroids = new float[count][];
    int[] seeds = members.clone();
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(seeds.length - i);
      int seed = seeds[other];
      seeds[other] = seeds[i];
      seeds[i] = seed;
      centroids[i] = rows.row(seed);
    }
    for (int round = 0; round < rounds && count > 1; round++) {
      centroids = means(members, nearest(members, centroids), centroids.length);
      progress.accept((round + 1.0) / rounds);
    }
    return centroids;
  }

  /// The mean of the members of each of `count` centroids; of none, a random member.
  ///
  /// @param nearest for each member its centroid
  float[][] means(int[] members, int[] nearest, int count) {
    int width = rows.dimension();
    double[][] sums = new double[count][width];
    int[] counts = new int[count];
    float[] row = new float[width];
    for (int i = 0; i < members.length; i++) {
      rows.copyRow(members[i], row);
      double[] sum = sums[nearest[i]];
      for (int j = 0; j < width; j++) {
        sum[j] += row[j];
      }
      counts[nearest[i]]++;
    }
    float[][] means = new float[count][];
    for (int c = 0; c < count; c++) {
      if (counts[c] == 0) {
        means[c] = rows.row(members[random.nextInt(members.length)]);
        continue;
      }
      float[] mean = new float[width];
      for (int j = 0; j < width; j++) {
        mean[j] = (float) (sums[c][j] / counts[c]);
      }
      means[c] = mean;
    }
    return means;
  }

  /// The nearest centroid of each member; of equally near ones the first.
  int[] nearest(int[] members, float[][] centroids) {
    return centroids.length <= FEW
        ? nearestOneByOne(members, centroids)
        : nearestTogether(members, CentroidBlock.of(centroids));
  }

  private int[] nearestTogether(int[] members, CentroidBlock block) {
    int[] nearest = new int[members.length];
    inChunks(
        members.length,
        (from, to) -> {
          RowsTogether some = new RowsTogether(metric, rows);
          int count;
          for (int i = from; i < to; i += count) {
            count = some.compare(members, i, to, block);
            for (int place = 0; place < count; place++) {
              nearest[i + place] = some.nearest(place);
            }
          }
        });
    return nearest;
  }

  private int[] nearestOneByOne(int[] members, float[][] centroids) {
    int[] nearest = new int[members.length];
    inChunks(
        members.length,
        (from, to) -> {
          float[] distances = new float[centroids.length];
          float[] row = new float[rows.dimension()];
          for (int i = from; i < to; i++) {
            rows.copyRow(members[i], row);
            for (int c = 0; c < centroids.length; c++) {
              distances[c] = Kernels.best().distance(metric, row, centroids[c]);
            }
            nearest[i] = smallest(distances, centroids.length);
          }
        });
    return nearest;
  }

  static VectorMatrix matrixOf(float[][] centroids, Arena arena) {
    int width = centroids[0].length;
    MemorySegment segment = arena.allocate((long) centroids.length * width * Float.BYTES, 64);
    for (int i = 0; i < centroids.length; i++) {
      MemorySegment.copy(
          centroids[i], 0, segment, Floats.LITTLE_ENDIAN, (long) i * width * Float.BYTES, width);
    }
    return new VectorMatrix(segment, centroids.length, width);
  }

  /// The place of the smallest of the first values; of equal ones the first.
  static int smallest(float[] values, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[i] < values[best]) {
        best = i;
      }
    }
    return best;
  }

  @FunctionalInterface
  interface ChunkTask {
    void run(int from, int to);
  }

  /// Runs a task over `0 .. count - 1` in chunks, on all processors.
  ///
  /// @throws CancellationException if the thread is interrupted
  static void inChunks(int count, ChunkTask task) {
    inChunks(count, CHUNK, task);
  }

  /// The same in chunks of another size.
  static void inChunks(int count, int size, ChunkTask task) {
    if (Thread.interrupted()) {
      throw new CancellationException("the build was interrupted");
    }
    int chunks = (count + size - 1) / size;
    IntStream.range(0, chunks)
        .parallel()
        .forEach(chunk -> task.run(chunk * size, Math.min(count, (chunk + 1) * size)));
  }
}
