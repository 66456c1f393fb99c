package io.capsdb.caps;

import io.capsdb.vector.Floats;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
  private static final int CHUNK = 512;
  private static final int BALANCE_ROUNDS = 6;

  private final Kernels kernels = Kernels.best();
  private final VectorMatrix rows;
  private final Metric metric;
  private final CapsParams params;
  private final RandomGenerator random;
  private final DoubleConsumer progress;
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
      centroids = kMeans(sample, wanted, params.rounds(), 0, 0.4);
    } else {
      centroids = hierarchical(sample, wanted);
    }
    report(0.4);
    int[] partitionOf = assign(centroids, 0.4, 0.8);
    return balance(centroids, partitionOf);
  }

  /// Tells the share done, which never falls: steps that run once for each parent begin where the
  /// first one did.
  private void report(double share) {
    reported = Math.max(reported, share);
    progress.accept(reported);
  }

  private float[][] hierarchical(int[] sample, int wanted) {
    int parentCount = (int) Math.round(Math.sqrt(wanted));
    float[][] parents = kMeans(sample, parentCount, params.rounds(), 0, 0.1);
    int[] parentOf = nearest(sample, parents);
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
        children.addAll(Arrays.asList(kMeans(members, share, params.rounds(), 0.1, 0.4)));
      }
    }
    return children.toArray(float[][]::new);
  }

  /// Lloyd's algorithm from random distinct members; an emptied centroid moves onto a random
  /// member.
  private float[][] kMeans(int[] members, int wanted, int rounds, double from, double to) {
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
      int[] nearest = nearest(members, centroids);
      centroids = means(members, nearest, centroids);
      report(from + (to - from) * (round + 1) / rounds);
    }
    return centroids;
  }

  private float[][] means(int[] members, int[] nearest, float[][] old) {
    int width = rows.dimension();
    double[][] sums = new double[old.length][width];
    int[] counts = new int[old.length];
    float[] row = new float[width];
    for (int i = 0; i < members.length; i++) {
      rows.copyRow(members[i], row);
      double[] sum = sums[nearest[i]];
      for (int j = 0; j < width; j++) {
        sum[j] += row[j];
      }
      counts[nearest[i]]++;
    }
    float[][] means = new float[old.length][];
    for (int c = 0; c < old.length; c++) {
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
  private int[] nearest(int[] members, float[][] centroids) {
    int[] nearest = new int[members.length];
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix matrix = matrixOf(centroids, arena);
      inChunks(
          members.length,
          (from, to) -> {
            float[] distances = new float[centroids.length];
            float[] row = new float[rows.dimension()];
            for (int i = from; i < to; i++) {
              rows.copyRow(members[i], row);
              kernels.distances(metric, row, matrix, 0, centroids.length, distances);
              nearest[i] = smallest(distances, centroids.length);
            }
          });
    }
    return nearest;
  }

  private int[] assign(float[][] centroids, double from, double to) {
    int[] all = IntStream.range(0, rows.rowCount()).toArray();
    if (centroids.length <= FLAT_LIMIT) {
      int[] nearest = nearest(all, centroids);
      report(to);
      return nearest;
    }
    Level level = level(centroids);
    int[] partitionOf = new int[all.length];
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix parents = matrixOf(level.parents(), arena);
      VectorMatrix children = matrixOf(centroids, arena);
      inChunks(
          all.length,
          (begin, end) -> {
            float[] toParents = new float[level.parents().length];
            float[] toChildren = new float[centroids.length];
            float[] vector = new float[rows.dimension()];
            for (int row = begin; row < end; row++) {
              rows.copyRow(row, vector);
              kernels.distances(metric, vector, parents, 0, toParents.length, toParents);
              partitionOf[row] = nearestChild(vector, children, level, toParents, toChildren);
            }
          });
    }
    report(from + (to - from));
    return partitionOf;
  }

  private int nearestChild(
      float[] vector, VectorMatrix children, Level level, float[] toParents, float[] toChildren) {
    int best = -1;
    float bestDistance = Float.POSITIVE_INFINITY;
    for (int tried = 0; tried < PARENTS_TRIED && tried < toParents.length; tried++) {
      int parent = smallest(toParents, toParents.length);
      toParents[parent] = Float.POSITIVE_INFINITY;
      int[] candidates = level.childrenOf()[parent];
      kernels.distances(metric, vector, children, candidates, candidates.length, toChildren);
      for (int i = 0; i < candidates.length; i++) {
        if (best < 0 || toChildren[i] < bestDistance) {
          bestDistance = toChildren[i];
          best = candidates[i];
        }
      }
    }
    return best;
  }

  @SuppressWarnings("ArrayRecordComponent") // local to one assignment
  private record Level(float[][] parents, int[][] childrenOf) {}

  /// Parents over centroids: k-means of the centroids themselves.
  private Level level(float[][] centroids) {
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix matrix = matrixOf(centroids, arena);
      Partitioner above = new Partitioner(metric, matrix, params, random, _ -> {});
      int[] all = IntStream.range(0, centroids.length).toArray();
      int parentCount = (int) Math.round(Math.sqrt(centroids.length));
      float[][] parents = above.kMeans(all, parentCount, params.rounds(), 0, 0);
      int[] parentOf = above.nearest(all, parents);
      int[][] childrenOf = new int[parents.length][];
      for (int parent = 0; parent < parents.length; parent++) {
        int own = parent;
        childrenOf[parent] = IntStream.of(all).filter(c -> parentOf[c] == own).toArray();
      }
      return new Level(parents, childrenOf);
    }
  }

  private Partitions balance(float[][] firstCentroids, int[] partitionOf) {
    List<float[]> centroids = new ArrayList<>(Arrays.asList(firstCentroids));
    double mean = (double) partitionOf.length / centroids.size();
    for (int round = 0; round < BALANCE_ROUNDS; round++) {
      boolean isChanged = false;
      int[][] members = membersOf(partitionOf, centroids.size());
      for (int partition = 0; partition < members.length; partition++) {
        if (members[partition].length > 1.6 * mean) {
          isChanged |= split(partition, members[partition], centroids, partitionOf);
        }
      }
      if (!isChanged) {
        break;
      }
      report(0.8 + 0.15 * (round + 1) / BALANCE_ROUNDS);
    }
    return dissolveSmall(centroids, partitionOf, mean);
  }

  /// Cuts a partition in two; tells whether it could be cut.
  private boolean split(int partition, int[] members, List<float[]> centroids, int[] partitionOf) {
    float[][] halves = kMeans(members, 2, params.rounds(), 0.8, 0.8);
    int[] side = halves.length < 2 ? new int[members.length] : nearest(members, halves);
    int right = IntStream.of(side).sum();
    if (right < members.length / 8 || right > members.length - members.length / 8) {
      // Equal or lopsided rows: cut in the middle of their order by distance to the centroid.
      side = byRank(members, centroids.get(partition));
      halves = means(members, side, new float[2][]);
    }
    int added = centroids.size();
    centroids.set(partition, halves[0]);
    centroids.add(halves[1]);
    for (int i = 0; i < members.length; i++) {
      partitionOf[members[i]] = side[i] == 0 ? partition : added;
    }
    return true;
  }

  private int[] byRank(int[] members, float[] centroid) {
    float[] distances = new float[members.length];
    kernels.distances(metric, centroid, rows, members, members.length, distances);
    int[] ranked =
        IntStream.range(0, members.length)
            .boxed()
            .sorted((a, b) -> Float.compare(distances[a], distances[b]))
            .mapToInt(i -> i)
            .toArray();
    int[] side = new int[members.length];
    for (int i = members.length / 2; i < members.length; i++) {
      side[ranked[i]] = 1;
    }
    return side;
  }

  /// Rows of partitions below an eighth of the mean move to the nearest other one; centroids become
  /// the means.
  private Partitions dissolveSmall(List<float[]> centroids, int[] partitionOf, double mean) {
    int[][] members = membersOf(partitionOf, centroids.size());
    List<float[]> kept = new ArrayList<>();
    int[] newNumber = new int[centroids.size()];
    for (int partition = 0; partition < members.length; partition++) {
      boolean isKept = members[partition].length > 0 && members[partition].length >= mean / 8;
      newNumber[partition] = isKept ? kept.size() : -1;
      if (isKept) {
        kept.add(centroids.get(partition));
      }
    }
    if (kept.isEmpty()) {
      kept.add(centroids.getFirst());
    }
    float[][] remaining = kept.toArray(float[][]::new);
    int[] moved = new int[partitionOf.length];
    for (int partition = 0; partition < members.length; partition++) {
      int[] own = members[partition];
      int[] nearest = newNumber[partition] < 0 ? nearest(own, remaining) : new int[0];
      for (int i = 0; i < own.length; i++) {
        moved[own[i]] = newNumber[partition] < 0 ? nearest[i] : newNumber[partition];
      }
    }
    int[] all = IntStream.range(0, rows.rowCount()).toArray();
    report(1);
    return new Partitions(means(all, moved, remaining), moved);
  }

  private static int[][] membersOf(int[] partitionOf, int count) {
    int[] sizes = new int[count];
    for (int partition : partitionOf) {
      sizes[partition]++;
    }
    int[][] members = new int[count][];
    for (int i = 0; i < count; i++) {
      members[i] = new int[sizes[i]];
    }
    for (int row = partitionOf.length - 1; row >= 0; row--) {
      int partition = partitionOf[row];
      members[partition][--sizes[partition]] = row;
    }
    return members;
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

  private static VectorMatrix matrixOf(float[][] centroids, Arena arena) {
    int width = centroids[0].length;
    MemorySegment segment = arena.allocate((long) centroids.length * width * Float.BYTES, 64);
    for (int i = 0; i < centroids.length; i++) {
      MemorySegment.copy(
          centroids[i], 0, segment, Floats.LITTLE_ENDIAN, (long) i * width * Float.BYTES, width);
    }
    return new VectorMatrix(segment, centroids.length, width);
  }

  private static int smallest(float[] values, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[i] < values[best]) {
        best = i;
      }
    }
    return best;
  }

  @FunctionalInterface
  private interface ChunkTask {
    void run(int from, int to);
  }

  /// Runs a task over `0 .. count - 1` in chunks, on all processors.
  private static void inChunks(int count, ChunkTask task) {
    if (Thread.interrupted()) {
      throw new CancellationException("the build was interrupted");
    }
    int chunks = (count + CHUNK - 1) / CHUNK;
    IntStream.range(0, chunks)
        .parallel()
        .forEach(chunk -> task.run(chunk * CHUNK, Math.min(count, (chunk + 1) * CHUNK)));
  }
}
