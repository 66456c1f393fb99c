package io.capsdb.caps;

import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import org.jspecify.annotations.Nullable;

/// For each of some centroids the nearest ones, so that the nearest centroid of a row is found from
/// one that is near it, by a few distances.
///
/// Immutable; safe for use by many threads, each with its own [Walk].
final class Neighbours {
  /// So many are enough at any dimension: where the nearest centroid is not among them, the walk
  /// goes on from one that is nearer than the first.
  static final int COUNT = 32;

  /// A walk comes nearer with each step; few take three.
  private static final int MOST_STEPS = 8;

  private static final int CHUNK = 16;

  private final Metric metric;
  private final VectorMatrix centroids;
  private final int[][] nearest;

  private Neighbours(Metric metric, VectorMatrix centroids, int[][] nearest) {
    this.metric = metric;
    this.centroids = centroids;
    this.nearest = nearest;
  }

  /// @param centroids at least one; they stay open as long as this is used, and may move a little
  static Neighbours of(Metric metric, VectorMatrix centroids) {
    int[][] nearest = new int[centroids.rowCount()][];
    KMeans.inChunks(
        nearest.length,
        CHUNK,
        (from, to) -> {
          float[] distances = new float[nearest.length];
          for (int i = from; i < to; i++) {
            nearest[i] = nearestTo(metric, centroids.row(i), centroids, distances, COUNT);
            moveToFront(nearest[i], i);
          }
        });
    return new Neighbours(metric, centroids, nearest);
  }

  /// The nearest centroids of a vector, nearest first.
  ///
  /// @param distances room for all centroids
  /// @param most centroids that are answered, at most [#COUNT]
  static int[] nearestTo(
      Metric metric, float[] vector, VectorMatrix centroids, float[] distances, int most) {
    int count = centroids.rowCount();
    Kernels.best().distances(metric, vector, centroids, 0, count, distances);
    int[] nearest = new int[Math.min(most, count)];
    int held = 0;
    for (int i = 0; i < count; i++) {
      if (held == nearest.length && !(distances[i] < distances[nearest[held - 1]])) {
        continue;
      }
      int at = held < nearest.length ? held++ : held - 1;
      while (at > 0 && distances[i] < distances[nearest[at - 1]]) {
        nearest[at] = nearest[at - 1];
        at--;
      }
      nearest[at] = i;
    }
    return nearest;
  }

  /// Equal centroids may come before it, and then it may be missing.
  private static void moveToFront(int[] nearest, int own) {
    int at = 0;
    while (at < nearest.length - 1 && nearest[at] != own) {
      at++;
    }
    System.arraycopy(nearest, 0, nearest, 1, at);
    nearest[0] = own;
  }

  /// A centroid, then those next to it. Not to be changed.
  int[] of(int centroid) {
    return nearest[centroid];
  }

  Walk walk() {
    return new Walk();
  }

  /// Room for one thread's walks.
  final class Walk {
    private final float[] distances = new float[CentroidBlock.roomFor(COUNT)];
    private int first;
    private @Nullable CentroidBlock[] blocks = {};
    private float distance;

    /// Tells from which centroids walks are about to begin.
    void expect(int firstCentroid, int count) {
      first = firstCentroid;
      blocks = new CentroidBlock[count];
    }

    /// Distance to the centroid at which the last walk ended.
    float distance() {
      return distance;
    }

    /// A centroid to which none of its neighbours is preferred: nearly always the nearest one.
    ///
    /// @param centroid an expected one
    int from(float[] vector, int centroid) {
      CentroidBlock block = blocks[centroid - first];
      if (block == null) {
        block = CentroidBlock.of(centroids, nearest[centroid]);
        blocks[centroid - first] = block;
      }
      return among(vector, nearest[centroid], block);
    }

    /// The same from several that may be the nearest, those first that are likely to be.
    ///
    /// The nearest of all is not likely to be missing from them when the nearest of them stands in
    /// the front half; else the walk goes on from it.
    ///
    /// @param block of these
    int among(float[] vector, int[] candidates, CentroidBlock block) {
      int[] some = candidates;
      int place = block.nearest(metric, vector, distances);
      for (int step = 1; step < MOST_STEPS; step++) {
        if (place <= some.length / 2 || some.length == centroids.rowCount()) {
          break;
        }
        some = nearest[some[place]];
        Kernels.best().distances(metric, vector, centroids, some, some.length, distances);
        place = KMeans.smallest(distances, some.length);
      }
      distance = distances[place];
      return some[place];
    }
  }
}
