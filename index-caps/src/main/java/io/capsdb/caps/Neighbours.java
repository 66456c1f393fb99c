package io.capsdb.caps;

import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;

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

  /// @param rows that walk
  Walk walk(VectorMatrix rows) {
    return new Walk(rows);
  }

  /// Takes the end of a walk.
  @FunctionalInterface
  interface End {
    /// @param centroid to which none of its neighbours is preferred: nearly always the nearest one
    void accept(int row, int centroid, float distance);
  }

  /// Room for one thread's walks.
  final class Walk {
    private final RowsTogether together;
    private final float[] distances = new float[COUNT];

    private Walk(VectorMatrix rows) {
      together = new RowsTogether(metric, rows);
    }

    /// Walks with some rows from a centroid.
    void from(int centroid, int[] members, End end) {
      among(nearest[centroid], members, end);
    }

    /// The same from several that may be the nearest, those first that are likely to be.
    void among(int[] candidates, int[] members, End end) {
      if (members.length == 0) {
        return;
      }
      CentroidBlock block = CentroidBlock.of(centroids, candidates);
      int count;
      for (int i = 0; i < members.length; i += count) {
        count = together.compare(members, i, members.length, block);
        for (int place = 0; place < count; place++) {
          goOn(members[i + place], place, candidates, end);
        }
      }
    }

    /// The nearest of all is not likely to be missing from the candidates when the nearest of them
    /// stands in the front half; else the walk goes on from it.
    private void goOn(int row, int place, int[] candidates, End end) {
      int[] some = candidates;
      float[] toSome = together.distances(place);
      int best = together.nearest(place);
      for (int step = 1; step < MOST_STEPS; step++) {
        if (best <= some.length / 2 || some.length == centroids.rowCount()) {
          break;
        }
        some = nearest[some[best]];
        toSome = distances;
        Kernels.best()
            .distances(metric, together.vector(place), centroids, some, some.length, toSome);
        best = KMeans.smallest(toSome, some.length);
      }
      end.accept(row, some[best], toSome[best]);
    }
  }
}
