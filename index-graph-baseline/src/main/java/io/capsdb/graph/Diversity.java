package io.capsdb.graph;

/// Chooses which of the nearest rows become neighbours: one is left out where a nearer neighbour is
/// nearer to it than the row itself (HNSW, algorithm 4), so that links lead in all directions. Not
/// for more than one thread.
final class Diversity {
  /// Neighbours that are compared at a time: the first ones leave out most.
  private static final int PIECE = 4;

  private final Space space;
  private final Space.Origin candidate;
  private final float[] distances = new float[PIECE];
  private final int[] piece = new int[PIECE];
  private final int[] kept;

  /// @param most neighbours that are ever chosen
  Diversity(Space space, int most) {
    this.space = space;
    this.candidate = space.newOrigin();
    this.kept = new int[most];
  }

  /// Moves what is chosen to the front; answers how many. Fewer candidates than neighbours are
  /// chosen all.
  ///
  /// @param keys of the candidates, ascending, by place
  int choose(Level level, long[] keys, int count, int most) {
    if (count <= most) {
      return count;
    }
    int size = 0;
    for (int i = 0; i < count && size < most; i++) {
      if (isDiverse(level, keys[i], size)) {
        kept[size] = level.ordinal(Keys.row(keys[i]));
        keys[size++] = keys[i];
      }
    }
    return size;
  }

  private boolean isDiverse(Level level, long key, int size) {
    if (size == 0) {
      return true;
    }
    float distance = Keys.distance(key);
    space.copy(level.ordinal(Keys.row(key)), candidate);
    for (int from = 0; from < size; from += PIECE) {
      int length = Math.min(PIECE, size - from);
      System.arraycopy(kept, from, piece, 0, length);
      space.distances(candidate, piece, length, distances);
      for (int i = 0; i < length; i++) {
        if (distances[i] < distance) {
          return false;
        }
      }
    }
    return true;
  }
}
