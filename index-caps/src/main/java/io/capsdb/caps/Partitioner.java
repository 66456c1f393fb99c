package io.capsdb.caps;

import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Cuts rows into partitions of about equal size: k-means on a sample, assignment of all rows, then
/// partitions above 1.6 times the mean are cut in two and those below an eighth of it are
/// dissolved.
///
/// Many centroids are found in two levels (the square root of their number of parents, then
/// children inside each), and rows are then compared with the children of their nearest parents
/// only. The result depends on the seed, not on the number of threads.
final class Partitioner {
  /// Up to this many centroids every row is compared with all of them.
  private static final int FLAT_LIMIT = 256;

  private static final int PARENTS_TRIED = 6;

  private final VectorMatrix rows;
  private final Metric metric;
  private final CapsParams params;
  private final RandomGenerator random;
  private final DoubleConsumer progress;
  private final KMeans kMeans;
  private double reported;

  /// @param centroids one array for each partition
  /// @param partitionOf the partition of each row
  @SuppressWarnings("ArrayRecordComponent") // handed on once
  record Partitions(float[][] centroids, int[] partitionOf) {

    int[] sizes() {
      int[] sizes = new int[centroids.length];
      for (int partition : partitionOf) {
        sizes[partition]++;
      }
      return sizes;
    }

    /// Size-weighted mean of the partition sizes, divided by their mean: 1 when all are equal. The
    /// factor by which a search scans more than it would.
    double imbalance() {
      double squares = 0;
      for (int size : sizes()) {
        squares += (double) size * size;
      }
      double total = partitionOf.length;
      return total == 0 ? 1 : squares / total / (total / centroids.length);
    }
  }

  /// @param rows in the [PartitionSpace]
  Partitioner(
      Metric metric,
      VectorMatrix rows,
      CapsParams params,
      RandomGenerator random,
      DoubleConsumer progress) {
    this.metric = metric;
    this.rows = rows;
    this.params = params;
    this.random = random;
    this.progress = progress;
    this.kMeans = new KMeans(metric, rows, params.rounds(), random);
  }

  /// @throws CancellationException if the thread is interrupted
  Partitions partition() {
    int rowCount = rows.rowCount();
    int wanted = Math.max(1, Math.round((float) rowCount / params.rowsPerPartition()));
    if (rowCount == 0) {
      return new Partitions(new float[0][], new int[0]);
    }
    int[] sample =
        sample((int) Math.min(rowCount, (long) wanted * params.sampleRowsPerPartition()));
    float[][] centroids;
    if (wanted <= FLAT_LIMIT) {
      centroids = kMeans.centroids(sample, wanted, share -> report(0.4 * share));
    } else {
      centroids = hierarchical(sample, wanted);
    }
    report(0.4);
    int[] partitionOf = assign(IntStream.range(0, rowCount).toArray(), centroids);
    report(0.8);
    return new PartitionBalance(kMeans, share -> report(0.8 + 0.2 * share))
        .even(centroids, partitionOf);
  }

  /// Tells the share done, which never falls: steps that run once for each parent begin where the
  /// first one did.
  private void report(double share) {
    reported = Math.max(reported, share);
    progress.accept(reported);
  }

  private float[][] hierarchical(int[] sample, int wanted) {
    int parentCount = (int) Math.round(Math.sqrt(wanted));
    float[][] parents = kMeans.centroids(sample, parentCount, share -> report(0.1 * share));
    int[] parentOf = kMeans.nearest(sample, parents);
    List<float[]> children = new ArrayList<>(wanted);
    for (int parent = 0; parent < parents.length; parent++) {
      int own = parent;
      int[] members =
          IntStream.range(0, sample.length)
              .filter(i -> parentOf[i] == own)
              .map(i -> sample[i])
              .toArray();
      if (members.length > 0) {
        int share = Math.max(1, Math.round((float) wanted * members.length / sample.length));
        children.addAll(
            Arrays.asList(kMeans.centroids(members, share, done -> report(0.1 + 0.3 * done))));
      }
    }
    return children.toArray(float[][]::new);
  }

  /// The nearest centroid of each member; where there are many, of those below the nearest parents
  /// of centroids.
  int[] assign(int[] members, float[][] centroids) {
    if (centroids.length <= FLAT_LIMIT) {
      return kMeans.nearest(members, centroids);
    }
    Level level = level(centroids);
    int[] partitionOf = new int[members.length];
    KMeans.inChunks(
        members.length,
        (begin, end) -> {
          RowsTogether some = new RowsTogether(metric, rows);
          float[] toChildren = new float[CentroidBlock.roomFor(centroids.length)];
          int count;
          for (int i = begin; i < end; i += count) {
            count = some.compare(members, i, end, level.parents());
            for (int place = 0; place < count; place++) {
              partitionOf[i + place] =
                  nearestChild(some.vector(place), level, some.distances(place), toChildren);
            }
          }
        });
    return partitionOf;
  }

  private int nearestChild(float[] vector, Level level, float[] toParents, float[] toChildren) {
    int best = -1;
    float bestDistance = Float.POSITIVE_INFINITY;
    int parents = level.parents().count();
    for (int tried = 0; tried < PARENTS_TRIED && tried < parents; tried++) {
      int parent = KMeans.smallest(toParents, parents);
      toParents[parent] = Float.POSITIVE_INFINITY;
      int[] candidates = level.childrenOf()[parent];
      if (candidates.length == 0) {
        continue;
      }
      level.children()[parent].distances(metric, vector, toChildren);
      for (int i = 0; i < candidates.length; i++) {
        if (best < 0 || toChildren[i] < bestDistance) {
          bestDistance = toChildren[i];
          best = candidates[i];
        }
      }
    }
    return best;
  }

  /// @param childrenOf each parent, and the same as blocks
  @SuppressWarnings("ArrayRecordComponent") // local to one assignment
  private record Level(CentroidBlock parents, int[][] childrenOf, CentroidBlock[] children) {}

  /// Parents over centroids: k-means of the centroids themselves.
  private Level level(float[][] centroids) {
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix matrix = KMeans.matrixOf(centroids, arena);
      KMeans above = new KMeans(metric, matrix, params.rounds(), random);
      int[] all = IntStream.range(0, centroids.length).toArray();
      int parentCount = (int) Math.round(Math.sqrt(centroids.length));
      float[][] parents = above.centroids(all, parentCount, _ -> {});
      int[] parentOf = above.nearest(all, parents);
      int[][] childrenOf = new int[parents.length][];
      CentroidBlock[] children = new CentroidBlock[parents.length];
      for (int parent = 0; parent < parents.length; parent++) {
        int own = parent;
        childrenOf[parent] = IntStream.of(all).filter(c -> parentOf[c] == own).toArray();
        children[parent] = CentroidBlock.of(matrix, childrenOf[parent]);
      }
      return new Level(CentroidBlock.of(parents), childrenOf, children);
    }
  }

  private int[] sample(int count) {
    int[] all = IntStream.range(0, rows.rowCount()).toArray();
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(all.length - i);
      int row = all[other];
      all[other] = all[i];
      all[i] = row;
    }
    int[] sample = Arrays.copyOf(all, count);
    Arrays.sort(sample);
    return sample;
  }
}
