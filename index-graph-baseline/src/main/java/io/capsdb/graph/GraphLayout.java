package io.capsdb.graph;

import java.util.List;

/// A graph over rows that stand elsewhere.
///
/// @param levels the lowest first; at least one
/// @param start place on the highest level at which walks begin; 0 where there are no rows
record GraphLayout(List<Level> levels, int start) {
  GraphLayout {
    levels = List.copyOf(levels);
  }

  Level lowest() {
    return levels.getFirst();
  }

  int rowCount() {
    return lowest().size();
  }

  /// Bytes of all levels.
  long bytes() {
    return levels.stream()
        .mapToLong(
            level ->
                level.links().bytes().byteSize()
                    + 4L * (level.ordinals().length + level.down().length))
        .sum();
  }
}
