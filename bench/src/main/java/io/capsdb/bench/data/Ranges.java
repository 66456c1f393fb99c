package io.capsdb.bench.data;

import java.util.Arrays;

/// What the queries of one workload ask of the attributes: for each query a low and a high of each
/// attribute, both inclusive, or nothing.
///
/// @param attributeCount columns of the data set
/// @param bounds low and high of each attribute of the first query, then of the next one; −1 −1
///     where the attribute is free
@SuppressWarnings("ArrayRecordComponent") // read once, owned by the workload, never compared
public record Ranges(int attributeCount, int[] bounds) {
  /// In the place of a low or high that is not asked for.
  public static final int FREE = -1;

  /// Nothing is asked of any attribute.
  public static Ranges free(int queryCount, int attributeCount) {
    int[] bounds = new int[2 * queryCount * attributeCount];
    Arrays.fill(bounds, FREE);
    return new Ranges(attributeCount, bounds);
  }

  /// Asks that an attribute lie in `low..high`.
  public Ranges set(int query, int attribute, int low, int high) {
    bounds[place(query, attribute)] = low;
    bounds[place(query, attribute) + 1] = high;
    return this;
  }

  public int low(int query, int attribute) {
    return bounds[place(query, attribute)];
  }

  public int high(int query, int attribute) {
    return bounds[place(query, attribute) + 1];
  }

  public boolean isFree(int query, int attribute) {
    return low(query, attribute) == FREE && high(query, attribute) == FREE;
  }

  /// Whether a query asks for nothing.
  public boolean isFree(int query) {
    for (int attribute = 0; attribute < attributeCount; attribute++) {
      if (!isFree(query, attribute)) {
        return false;
      }
    }
    return true;
  }

  /// Whether a row satisfies a query.
  ///
  /// @param columns by attribute, then by row
  public boolean matches(int query, int[][] columns, int row) {
    for (int attribute = 0; attribute < attributeCount; attribute++) {
      int value = columns[attribute][row];
      if (!isFree(query, attribute)
          && (value < low(query, attribute) || value > high(query, attribute))) {
        return false;
      }
    }
    return true;
  }

  /// The rows that satisfy a query, ascending. Cost: one pass over the columns that are asked for.
  public int[] rows(int query, int[][] columns, int rowCount) {
    int[] rows = new int[rowCount];
    int count = rowCount;
    Arrays.setAll(rows, i -> i);
    for (int attribute = 0; attribute < attributeCount; attribute++) {
      if (!isFree(query, attribute)) {
        int low = low(query, attribute);
        int high = high(query, attribute);
        int[] column = columns[attribute];
        int kept = 0;
        for (int i = 0; i < count; i++) {
          int value = column[rows[i]];
          rows[kept] = rows[i];
          kept += value >= low && value <= high ? 1 : 0;
        }
        count = kept;
      }
    }
    return Arrays.copyOf(rows, count);
  }

  /// Share of the rows that satisfy a query, on average.
  public double selectivity(int[][] columns, int rowCount) {
    int queryCount = attributeCount == 0 ? 0 : bounds.length / (2 * attributeCount);
    double sum = 0;
    for (int query = 0; query < queryCount; query++) {
      sum += isFree(query) ? rowCount : rows(query, columns, rowCount).length;
    }
    return queryCount == 0 ? 1 : sum / queryCount / rowCount;
  }

  private int place(int query, int attribute) {
    return 2 * (query * attributeCount + attribute);
  }
}
