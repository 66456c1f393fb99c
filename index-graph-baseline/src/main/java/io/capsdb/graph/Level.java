package io.capsdb.graph;

import java.util.Arrays;

/// One level of a graph. Its rows are known by **place**: their number among the rows of the level,
/// which are in the order of ordinals. On the lowest level all rows stand, and places are ordinals.
///
/// @param ordinals of the rows, ascending; empty on the lowest level
/// @param down the place of each row one level below; empty on the lowest level
/// @param links by place, to places
@SuppressWarnings("ArrayRecordComponent") // tables that are shared and never compared
record Level(int[] ordinals, int[] down, Links links) {
  int size() {
    return links.rowCount();
  }

  int ordinal(int place) {
    return ordinals.length == 0 ? place : ordinals[place];
  }

  /// The place of a row that stands on this level.
  int place(int ordinal) {
    return ordinals.length == 0 ? ordinal : Arrays.binarySearch(ordinals, ordinal);
  }
}
