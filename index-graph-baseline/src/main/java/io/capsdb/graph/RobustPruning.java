package io.capsdb.graph;

import java.util.Optional;

/// Chooses neighbours as Vamana does: the nearest candidate is taken, and those that are much
/// nearer to it than to the row are left out; where rows have labels, only if all that they have in
/// common with the row is a label of the one that was taken too (Gollapudi et al.,
/// "Filtered-DiskANN", 2023, algorithm 3). Not for more than one thread.
final class RobustPruning {
  private final Space space;
  private final Optional<Labels> labels;
  private final float stretch;
  private final Space.Origin taken;
  private final int[] others;
  private final float[] distances;

  /// @param stretch of distances as they are measured, so squared where they are
  /// @param most candidates
  RobustPruning(Space space, Optional<Labels> labels, double stretch, int most) {
    this.space = space;
    this.labels = labels;
    this.stretch = (float) stretch;
    this.taken = space.newOrigin();
    this.others = new int[most];
    this.distances = new float[most];
  }

  /// Moves what is chosen to the front; answers how many.
  ///
  /// @param row ordinal of the row
  /// @param keys of the candidates, ascending, by place, without the row; changed
  int choose(Level level, int row, long[] keys, int count, int most) {
    int left = count;
    int kept = 0;
    while (kept < most && kept < left) {
      long next = keys[kept++];
      int nextOrdinal = level.ordinal(Keys.row(next));
      int size = left - kept;
      for (int i = 0; i < size; i++) {
        others[i] = level.ordinal(Keys.row(keys[kept + i]));
      }
      space.copy(nextOrdinal, taken);
      space.distances(taken, others, size, distances);
      left = kept;
      for (int i = 0; i < size; i++) {
        long key = keys[kept + i];
        boolean isNearer = stretch * distances[i] <= Keys.distance(key);
        if (!isNearer || !isCovered(row, others[i], nextOrdinal)) {
          keys[left++] = key;
        }
      }
    }
    return Math.min(kept, most);
  }

  private boolean isCovered(int row, int other, int by) {
    return labels.isEmpty() || labels.get().isBetween(row, other, by);
  }
}
