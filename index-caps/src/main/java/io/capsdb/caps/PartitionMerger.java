package io.capsdb.caps;

import io.capsdb.index.Heritage;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Cuts rows that are largely those of older indexes into partitions, without looking for centroids
/// anew: those of the largest index stay.
///
/// 1. Its rows keep their partitions. Rows of one partition of another index are near one another,
///    so each is compared with the centroids only that are next to the one of its old partition.
/// 2. A partition that holds rows for several is cut into as many by k-means of some of its rows; a
///    partition that holds too few is given up.
/// 3. Where centroids are new, rows move to the nearest one: each is compared with those next to
///    the one where it is ([Neighbours]). This mends the seams of step 2, and is done some times,
///    with the centroids moved to the means of their rows before.
///
/// The cost is about a hundred distances for each row where all partitions are cut, and a few for
/// those of the smaller indexes where none is, against some hundreds from nothing. The result
/// depends on the seed, not on the number of threads.
final class PartitionMerger {
  /// The largest index must have at least this part of the rows: a few rows tell too little of
  /// where the others are.
  private static final int LEAST_PART = 24;

  /// Fewer partitions are found anew as quickly.
  private static final int LEAST_PARTITIONS = 8;

  /// Partitions are given up from this multiple of the wanted number on, ...
  private static final double MOST_PARTITIONS = 1.25;

  /// ... and those in any case that hold less than this part of the wanted rows.
  private static final int DISSOLVED_PART = 8;

  private static final int ROUNDS = 2;

  private static final int ROUGHLY_TRIED = 12;

  /// Rows farther from their centroid than that many times the mean are compared with others too:
  /// what is far from all centroids has no neighbours that tell where the nearest is.
  private static final double FAR = 1.7;

  private static final int CHUNK = 4;

  private final PartitionSpace space;
  private final VectorMatrix rows;
  private final CapsParams params;
  private final RandomGenerator random;
  private final DoubleConsumer progress;
  private final Metric metric;
  private final List<Input> others;
  private final Input base;

  /// Of each row to its centroid, when it was last compared; NaN for rows that stay.
  private final float[] distances;

  /// @param rowOf the row at each ordinal; -1 where it is gone
  @SuppressWarnings("ArrayRecordComponent") // views of what was handed in
  private record Input(CapsLayout layout, int[] rowOf) {
    int liveCount() {
      int count = 0;
      for (int row : rowOf) {
        count += row >= 0 ? 1 : 0;
      }
      return count;
    }

    /// The live rows of a partition.
    int[] rows(int partition) {
      return Arrays.stream(
              rowOf, layout.partitionStart()[partition], layout.partitionStart()[partition + 1])
          .filter(row -> row >= 0)
          .toArray();
    }
  }

  private PartitionMerger(
      PartitionSpace space,
      VectorMatrix rows,
      CapsParams params,
      Input base,
      List<Input> others,
      RandomGenerator random,
      DoubleConsumer progress) {
    this.space = space;
    this.rows = rows;
    this.params = params;
    this.others = others;
    this.base = base;
    this.random = random;
    this.progress = progress;
    this.metric = space.spaceMetric();
    this.distances = new float[rows.rowCount()];
    Arrays.fill(distances, Float.NaN);
  }

  /// Empty where the older indexes are of little use.
  ///
  /// @param rows in the space
  static Optional<PartitionMerger> of(
      PartitionSpace space,
      VectorMatrix rows,
      Heritage heritage,
      CapsParams params,
      RandomGenerator random,
      DoubleConsumer progress) {
    List<Input> inputs = new ArrayList<>();
    for (Heritage.Merged merged : heritage.merged()) {
      if (merged.index() instanceof CapsIndex caps && caps.layout().space().isLike(space)) {
        inputs.add(new Input(caps.layout(), merged.rowOf()));
      }
    }
    int largest = 0;
    for (int i = 1; i < inputs.size(); i++) {
      largest = inputs.get(i).liveCount() > inputs.get(largest).liveCount() ? i : largest;
    }
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    Input base = inputs.remove(largest);
    boolean isEnough =
        base.layout().partitionCount() >= LEAST_PARTITIONS
            && (long) LEAST_PART * base.liveCount() >= rows.rowCount();
    return isEnough
        ? Optional.of(new PartitionMerger(space, rows, params, base, inputs, random, progress))
        : Optional.empty();
  }

  /// @throws java.util.concurrent.CancellationException if the thread is interrupted
  Partitioner.Partitions merge() {
    float[][] old = centroids(base.layout());
    int[] oldPartitionOf = assign(old);
    progress.accept(0.3);
    int[][] members = PartitionBalance.members(oldPartitionOf, old.length);
    int[] shares = shares(members);
    int[] starts = new int[shares.length + 1];
    for (int partition = 0; partition < shares.length; partition++) {
      starts[partition + 1] = starts[partition] + shares[partition];
    }
    int count = starts[shares.length];
    int[] partitionOf = new int[rows.rowCount()];
    float[][] centroids;
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix matrix = matrix(count, arena);
      cut(old, members, starts, matrix);
      progress.accept(0.5);
      Neighbours neighbours = Neighbours.of(metric, matrix);
      boolean[] isNew = new boolean[count];
      for (int partition = 0; partition < shares.length; partition++) {
        Arrays.fill(isNew, starts[partition], starts[partition + 1], shares[partition] > 1);
      }
      place(old, members, starts, matrix, neighbours, isNew, partitionOf);
      for (int round = 1; round < ROUNDS && count > old.length; round++) {
        progress.accept(0.5 + 0.4 * round / ROUNDS);
        int[][] now = PartitionBalance.members(partitionOf, count);
        moveToMeans(now, matrix);
        move(now, neighbours, isNew, partitionOf);
      }
      centroids = IntStream.range(0, count).mapToObj(matrix::row).toArray(float[][]::new);
    }
    moveFar(centroids, partitionOf);
    progress.accept(0.9);
    KMeans kMeans = new KMeans(metric, rows, params.rounds(), random);
    return new PartitionBalance(kMeans, share -> progress.accept(0.9 + 0.1 * share))
        .even(centroids, partitionOf);
  }

  /// The centroids of an older index, in the space of the new one.
  private float[][] centroids(CapsLayout layout) {
    float[][] centroids = layout.centroidRows();
    for (float[] centroid : centroids) {
      space.moveFrom(layout.space(), centroid);
    }
    return centroids;
  }

  /// The partition of the base for each row.
  private int[] assign(float[][] old) {
    int[] partitionOf = new int[rows.rowCount()];
    Arrays.fill(partitionOf, -1);
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix matrix = KMeans.matrixOf(old, arena);
      Neighbours neighbours = Neighbours.of(metric, matrix);
      for (int partition = 0; partition < old.length; partition++) {
        for (int row : base.rows(partition)) {
          partitionOf[row] = partition;
        }
      }
      for (Input other : others) {
        assign(other, matrix, neighbours, partitionOf);
      }
    }
    int[] left = IntStream.range(0, partitionOf.length).filter(i -> partitionOf[i] < 0).toArray();
    if (left.length > 0) {
      int[] nearest = assignAnew(left, old);
      for (int i = 0; i < left.length; i++) {
        partitionOf[left[i]] = nearest[i];
      }
    }
    return partitionOf;
  }

  private void assign(Input input, VectorMatrix old, Neighbours neighbours, int[] partitionOf) {
    float[][] own = centroids(input.layout());
    // Where nearly all partitions will be cut, rows find their place later.
    boolean isRough = rows.rowCount() > 2L * base.liveCount();
    int tried = isRough ? ROUGHLY_TRIED : Neighbours.COUNT;
    KMeans.inChunks(
        own.length,
        CHUNK,
        (from, to) -> {
          float[] toOld = new float[old.rowCount()];
          Neighbours.Walk walk = neighbours.walk(rows);
          for (int partition = from; partition < to; partition++) {
            int[] near = Neighbours.nearestTo(metric, own[partition], old, toOld, tried);
            walk.among(near, input.rows(partition), into(partitionOf));
          }
        });
  }

  /// Into how many partitions each is cut; 0 for those that are given up.
  private int[] shares(int[][] members) {
    int[] shares = new int[members.length];
    int total = 0;
    int largest = 0;
    for (int partition = 0; partition < members.length; partition++) {
      int size = members[partition].length;
      shares[partition] =
          (long) size * DISSOLVED_PART < params.rowsPerPartition()
              ? 0
              : size <= PartitionBalance.MOST * params.rowsPerPartition()
                  ? 1
                  : Math.round((float) size / params.rowsPerPartition());
      total += shares[partition];
      largest = size > members[largest].length ? partition : largest;
    }
    int wanted = Math.max(1, Math.round((float) rows.rowCount() / params.rowsPerPartition()));
    if (total > MOST_PARTITIONS * wanted) {
      IntStream.range(0, members.length)
          .boxed()
          .filter(partition -> shares[partition] == 1)
          .sorted(Comparator.comparingInt(partition -> members[partition].length))
          .limit(total - wanted)
          .forEach(partition -> shares[partition] = 0);
    }
    shares[largest] = Math.max(1, shares[largest]);
    return shares;
  }

  /// Finds the new centroids inside each old partition.
  private void cut(float[][] old, int[][] members, int[] starts, VectorMatrix matrix) {
    long[] seeds = random.longs(old.length).toArray();
    KMeans.inChunks(
        old.length,
        1,
        (from, _) -> {
          int count = starts[from + 1] - starts[from];
          if (count == 1) {
            write(old[from], matrix, starts[from]);
          } else if (count > 1) {
            lloyd(members[from], starts[from], count, matrix, new SplittableRandom(seeds[from]));
          }
        });
  }

  /// k-means of some of the members, of which there are more than centroids; on one processor,
  /// because there are many partitions.
  private void lloyd(
      int[] members, int first, int count, VectorMatrix matrix, RandomGenerator own) {
    int[] sample = members.clone();
    int length = (int) Math.min(sample.length, (long) count * params.sampleRowsPerPartition());
    for (int i = 0; i < length; i++) {
      int other = i + own.nextInt(sample.length - i);
      int row = sample[other];
      sample[other] = sample[i];
      sample[i] = row;
    }
    float[] vector = new float[rows.dimension()];
    CentroidBlock block = CentroidBlock.empty(count, rows.dimension());
    for (int c = 0; c < count; c++) {
      rows.copyRow(sample[c], vector);
      block.set(c, vector);
    }
    RowsTogether some = new RowsTogether(metric, rows);
    for (int round = 0; round < params.rounds(); round++) {
      double[][] sums = new double[count][rows.dimension()];
      int[] counts = new int[count];
      int compared;
      for (int i = 0; i < length; i += compared) {
        compared = some.compare(sample, i, length, block);
        for (int place = 0; place < compared; place++) {
          int nearest = some.nearest(place);
          add(some.vector(place), sums[nearest]);
          counts[nearest]++;
        }
      }
      for (int c = 0; c < count; c++) {
        if (counts[c] == 0) {
          rows.copyRow(sample[own.nextInt(length)], vector);
        } else {
          mean(sums[c], counts[c], vector);
        }
        block.set(c, vector);
        write(vector, matrix, first + c);
      }
    }
  }

  /// Finds the first place of each row: among what its old partition was cut into, then next to
  /// that.
  private void place(
      float[][] old,
      int[][] members,
      int[] starts,
      VectorMatrix matrix,
      Neighbours neighbours,
      boolean[] isNew,
      int[] partitionOf) {
    KMeans.inChunks(
        members.length,
        1,
        (from, _) -> {
          int first = starts[from];
          int count = starts[from + 1] - first;
          Neighbours.Walk walk = neighbours.walk(rows);
          if (count == 0) {
            float[] toNew = new float[matrix.rowCount()];
            walk.among(
                Neighbours.nearestTo(metric, old[from], matrix, toNew, Neighbours.COUNT),
                members[from],
                into(partitionOf));
          } else if (count == 1 && !hasNew(neighbours.of(first), isNew)) {
            for (int row : members[from]) {
              partitionOf[row] = first;
            }
          } else {
            int[][] parts = parts(members[from], first, count, matrix);
            for (int part = 0; part < count; part++) {
              walk.from(first + part, parts[part], into(partitionOf));
            }
          }
        });
  }

  /// Rows by the nearest of some centroids that stand together.
  private int[][] parts(int[] members, int first, int count, VectorMatrix matrix) {
    if (count == 1) {
      return new int[][] {members};
    }
    CentroidBlock block = CentroidBlock.of(matrix, IntStream.range(first, first + count).toArray());
    RowsTogether some = new RowsTogether(metric, rows);
    int[] nearest = new int[members.length];
    int compared;
    for (int i = 0; i < members.length; i += compared) {
      compared = some.compare(members, i, members.length, block);
      for (int place = 0; place < compared; place++) {
        nearest[i + place] = some.nearest(place);
      }
    }
    int[][] parts = PartitionBalance.members(nearest, count);
    for (int[] part : parts) {
      Arrays.setAll(part, i -> members[part[i]]);
    }
    return parts;
  }

  /// Takes down where walks end.
  private Neighbours.End into(int[] partitionOf) {
    return (row, centroid, distance) -> {
      partitionOf[row] = centroid;
      distances[row] = distance;
    };
  }

  /// Moves rows to the nearest of the centroids next to theirs.
  private void move(int[][] members, Neighbours neighbours, boolean[] isNew, int[] partitionOf) {
    KMeans.inChunks(
        members.length,
        CHUNK,
        (from, to) -> {
          Neighbours.Walk walk = neighbours.walk(rows);
          for (int partition = from; partition < to; partition++) {
            if (hasNew(neighbours.of(partition), isNew)) {
              walk.from(partition, members[partition], into(partitionOf));
            }
          }
        });
  }

  /// Moves rows that are far from their centroid to the nearest of all.
  private void moveFar(float[][] centroids, int[] partitionOf) {
    double sum = 0;
    int known = 0;
    for (float distance : distances) {
      if (Float.isFinite(distance)) {
        sum += distance;
        known++;
      }
    }
    double limit = FAR * sum / Math.max(1, known);
    int[] far = IntStream.range(0, distances.length).filter(i -> distances[i] > limit).toArray();
    if (far.length > 0) {
      int[] nearest = assignAnew(far, centroids);
      for (int i = 0; i < far.length; i++) {
        partitionOf[far[i]] = nearest[i];
      }
    }
  }

  private int[] assignAnew(int[] members, float[][] centroids) {
    return new Partitioner(metric, rows, params, random, _ -> {}).assign(members, centroids);
  }

  private static boolean hasNew(int[] centroids, boolean[] isNew) {
    for (int centroid : centroids) {
      if (isNew[centroid]) {
        return true;
      }
    }
    return false;
  }

  private void moveToMeans(int[][] members, VectorMatrix matrix) {
    KMeans.inChunks(
        members.length,
        CHUNK,
        (from, to) -> {
          float[] vector = new float[rows.dimension()];
          for (int partition = from; partition < to; partition++) {
            double[] sum = new double[rows.dimension()];
            for (int row : members[partition]) {
              rows.copyRow(row, vector);
              add(vector, sum);
            }
            if (members[partition].length > 0) {
              mean(sum, members[partition].length, vector);
              write(vector, matrix, partition);
            }
          }
        });
  }

  private static void add(float[] vector, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += vector[i];
    }
  }

  private static void mean(double[] sum, int count, float[] into) {
    for (int i = 0; i < sum.length; i++) {
      into[i] = (float) (sum[i] / count);
    }
  }

  private VectorMatrix matrix(int count, Arena arena) {
    return VectorMatrix.allocate(arena, count, rows.dimension(), ElementType.FLOAT32);
  }

  private static void write(float[] vector, VectorMatrix matrix, int row) {
    matrix.setRow(row, vector);
  }
}
