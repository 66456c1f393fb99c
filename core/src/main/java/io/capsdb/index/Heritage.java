package io.capsdb.index;

import java.util.List;
import java.util.Optional;

/// What a new index can take over from older ones of the same collection and vector name. All of it
/// is a hint: an index that can use nothing of it is built as if it were not there.
///
/// @param merged indexes that the new one takes the place of
/// @param largest the index of the collection with the most rows, merged or not; what is made of a
///     query for the one serves the other where they agree
public record Heritage(List<Merged> merged, Optional<VectorIndex> largest) {
  public static final Heritage NONE = new Heritage(List.of(), Optional.empty());

  /// An index whose rows are among those of the new one.
  ///
  /// @param rowOf for each ordinal its row in the input of the new index; -1 where it is gone
  @SuppressWarnings("ArrayRecordComponent") // handed on once
  public record Merged(VectorIndex index, int[] rowOf) {
    public Merged {
      if (rowOf.length != index.size()) {
        throw new IllegalArgumentException(
            "rows of " + rowOf.length + " ordinals for an index of " + index.size());
      }
    }
  }

  public Heritage {
    merged = List.copyOf(merged);
  }
}
