package io.capsdb.attribute;

import java.util.Arrays;

/// The runs of ordinals in which a column ascends: there, the rows of an interval of codes are
/// neighbours.
///
/// @param starts the first ordinal of each run, then the number of ordinals; empty where the column
///     does not ascend in all of them
@SuppressWarnings("ArrayRecordComponent") // made once, never handed out
record Runs(int[] starts) {
  static final Runs NONE = new Runs(new int[0]);

  static Runs of(Column column, int[] starts) {
    for (int run = 0; run < starts.length - 1; run++) {
      for (int ordinal = starts[run] + 1; ordinal < starts[run + 1]; ordinal++) {
        if (column.code(ordinal) < column.code(ordinal - 1)) {
          return NONE;
        }
      }
    }
    return starts.length == 0 ? NONE : new Runs(starts);
  }

  /// Whether all of `from .. to - 1` lies in one run.
  boolean contain(int from, int to) {
    if (starts.length == 0 || from >= to) {
      return false;
    }
    int place = Arrays.binarySearch(starts, to);
    int end = place >= 0 ? place : -place - 1;
    while (end > 0 && starts[end - 1] >= to) {
      end--; // empty runs
    }
    return end > 0 && end < starts.length && starts[end - 1] <= from;
  }

  /// The first of `from .. to - 1` whose code is not below one, in a run; `to` where there is none.
  static int firstFrom(Column column, int code, int from, int to) {
    int low = from;
    int count = to - from;
    while (count > 0) {
      int half = count >>> 1;
      if (column.code(low + half) < code) {
        low += half + 1;
        count -= half + 1;
      } else {
        count = half;
      }
    }
    return low;
  }
}
