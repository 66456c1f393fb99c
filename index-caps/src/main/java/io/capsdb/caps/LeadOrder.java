package io.capsdb.caps;

import java.util.Arrays;
import java.util.List;

/// Orders the rows of a partition by their values in some fields, the first one first: a range or
/// a value of it is then a run of rows.
///
/// @param codes for each field the code of each row
record LeadOrder(List<int[]> codes) implements PartitionOrder {
  @Override
  public Ordered order(int[] rows) {
    long[] sorted = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      sorted[i] = rows[i];
    }
    sort(sorted, 0, rows.length, 0);
    int[] ordered = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      ordered[i] = (int) sorted[i];
    }
    return Ordered.of(ordered);
  }

  /// Sorts rows by the fields from one on; the row is in the lower half of each number.
  private void sort(long[] rows, int from, int to, int field) {
    int[] own = codes.get(field);
    for (int i = from; i < to; i++) {
      int row = (int) rows[i];
      rows[i] = (long) own[row] << 32 | row;
    }
    Arrays.sort(rows, from, to);
    if (field + 1 == codes.size()) {
      return;
    }
    int begin = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || rows[i] >> 32 != rows[begin] >> 32) {
        if (i - begin > 1) {
          sort(rows, begin, i, field + 1);
        }
        begin = i;
      }
    }
  }
}
