package io.capsdb.caps;

import io.capsdb.vector.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/// Evens partitions out: those above 1.6 times the mean are cut in two, and those below an eighth
/// of it are dissolved.
final class PartitionBalance {
  private static final int ROUNDS = 6;
  /// A partition of more rows than that many times the mean is cut.
  static final double MOST = 1.6;

  private static final int LEAST_PART = 8;

  private final KMeans kMeans;
  private final DoubleConsumer progress;

  /// @param progress is told the share done
  PartitionBalance(KMeans kMeans, DoubleConsumer progress) {
    this.kMeans = kMeans;
    this.progress = progress;
  }

  /// @param firstCentroids at least one
  /// @param partitionOf the partition of each row; changed
  /// @return partitions whose centroids are the means of their rows
  Partitioner.Partitions even(float[][] firstCentroids, int[] partitionOf) {
    List<float[]> centroids = new ArrayList<>(Arrays.asList(firstCentroids));
    double mean = (double) partitionOf.length / centroids.size();
    for (int round = 0; round < ROUNDS; round++) {
      boolean isChanged = false;
      int[][] members = members(partitionOf, centroids.size());
      for (int partition = 0; partition < members.length; partition++) {
        if (members[partition].length > MOST * mean) {
          split(partition, members[partition], centroids, partitionOf);
          isChanged = true;
        }
      }
      if (!isChanged) {
        break;
      }
      progress.accept(0.8 * (round + 1) / ROUNDS);
    }
    return dissolveSmall(centroids, partitionOf, mean);
  }

  /// Cuts a partition in two.
  private void split(int partition, int[] members, List<float[]> centroids, int[] partitionOf) {
    float[][] halves = kMeans.centroids(members, 2, _ -> {});
    int[] side = halves.length < 2 ? new int[members.length] : kMeans.nearest(members, halves);
    int right = IntStream.of(side).sum();
    if (right < members.length / 8 || right > members.length - members.length / 8) {
      // Equal or lopsided rows: cut in the middle of their order by distance to the centroid.
      side = byRank(members, centroids.get(partition));
      halves = kMeans.means(members, side, 2);
    }
    int added = centroids.size();
    centroids.set(partition, halves[0]);
    centroids.add(halves[1]);
    for (int i = 0; i < members.length; i++) {
      partitionOf[members[i]] = side[i] == 0 ? partition : added;
    }
  }

  private int[] byRank(int[] members, float[] centroid) {
    float[] distances = new float[members.length];
    Kernels.best()
        .distances(kMeans.metric(), centroid, kMeans.rows(), members, members.length, distances);
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
  private Partitioner.Partitions dissolveSmall(
      List<float[]> centroids, int[] partitionOf, double mean) {
    int[][] members = members(partitionOf, centroids.size());
    List<float[]> kept = new ArrayList<>();
    int[] newNumber = new int[centroids.size()];
    for (int partition = 0; partition < members.length; partition++) {
      int size = members[partition].length;
      boolean isKept = size > 0 && size >= mean / LEAST_PART;
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
      int[] nearest = newNumber[partition] < 0 ? kMeans.nearest(own, remaining) : new int[0];
      for (int i = 0; i < own.length; i++) {
        moved[own[i]] = newNumber[partition] < 0 ? nearest[i] : newNumber[partition];
      }
    }
    int[] all = IntStream.range(0, moved.length).toArray();
    progress.accept(1);
    return new Partitioner.Partitions(kMeans.means(all, moved, remaining.length), moved);
  }

  /// The rows of each partition, ascending.
  static int[][] members(int[] partitionOf, int count) {
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
}
