package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import java.util.Arrays;

/// What must hold for the hits of every engine, however it finds them.
final class HitCheck {
  private HitCheck() {}

  /// @throws IllegalStateException if hits are too many, come twice, or do not satisfy the filter
  static void check(DataSet set, Ranges ranges, int query, int[] found, int k) {
    if (found.length > k) {
      throw new IllegalStateException(found.length + " hits for query " + query + ", k is " + k);
    }
    if (Arrays.stream(found).distinct().count() < found.length) {
      throw new IllegalStateException("query " + query + " found a row twice");
    }
    for (int row : found) {
      if (!ranges.matches(query, set.columns(), row)) {
        throw new IllegalStateException("query " + query + " found row " + row + ", no match");
      }
    }
  }
}
