package io.capsdb.bench.prepare;

import io.capsdb.bench.data.Ranges;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Windows of a column that hold a wanted share of the rows, or a little more where many rows have
/// the value at an end.
final class Windows {
  private final int attribute;
  private final int[] sorted;

  Windows(int attribute, int[] column) {
    this.attribute = attribute;
    this.sorted = column.clone();
    Arrays.sort(sorted);
  }

  /// A window that begins anywhere.
  void setAnywhere(Ranges ranges, int query, double share, RandomGenerator random) {
    set(ranges, query, width(share), random.nextInt(sorted.length - width(share) + 1));
  }

  /// A window with a value in its middle, as far as the ends of the column allow.
  void setAround(Ranges ranges, int query, double share, int value) {
    int place = Arrays.binarySearch(sorted, value);
    int begin = (place < 0 ? -place - 1 : place) - width(share) / 2;
    set(ranges, query, width(share), Math.clamp(begin, 0, sorted.length - width(share)));
  }

  private void set(Ranges ranges, int query, int width, int begin) {
    ranges.set(query, attribute, sorted[begin], sorted[begin + width - 1]);
  }

  private int width(double share) {
    return (int) Math.max(1, Math.round(share * sorted.length));
  }
}
