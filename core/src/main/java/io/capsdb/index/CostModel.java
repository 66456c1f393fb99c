package io.capsdb.index;

/// What the pieces of a search cost on one machine, in nanoseconds of one thread; plans are made
/// from it.
///
/// A database keeps one as long as it is open, so that equal filters get equal plans.
///
/// @param vector fetching a vector from anywhere in memory, whatever its dimension
/// @param vectorValue computing its distance, for each value
/// @param record scoring a row by its code record, fetched from anywhere
/// @param recordLine the same, for each cache line of the record
/// @param scanRow scoring a row of a partition by its code, among its neighbours
/// @param scanWord the same, for each 32 bits of the code
/// @param group reaching a group of codes whose neighbours are passed over
/// @param maskRow testing a row as a part of a mask
/// @param findRow taking a matching row out of a mask
/// @param partition reaching a partition, whatever is in it
/// @param start beginning to probe: coding the query, ordering partitions
/// @param hit putting a row among the hits, and reading its id
public record CostModel(
    double vector,
    double vectorValue,
    double record,
    double recordLine,
    double scanRow,
    double scanWord,
    double group,
    double maskRow,
    double findRow,
    double partition,
    double start,
    double hit) {

  /// What was measured on an Intel Xeon of 2.6 GHz with AVX-512, when it did nothing else: what a
  /// database takes before it has measured its own machine.
  public static final CostModel DEFAULT =
      new CostModel(44, 0.235, 8, 10, 0.75, 0.155, 36, 0.18, 3, 83, 8_300, 300);

  /// Nothing costs more on any machine.
  private static final double MOST = 1e9;

  public CostModel {
    check("vector", vector);
    check("vectorValue", vectorValue);
    check("record", record);
    check("recordLine", recordLine);
    check("scanRow", scanRow);
    check("scanWord", scanWord);
    check("group", group);
    check("maskRow", maskRow);
    check("findRow", findRow);
    check("partition", partition);
    check("start", start);
    check("hit", hit);
  }

  private static void check(String name, double nanos) {
    if (!(nanos >= 0 && nanos <= MOST)) {
      throw new IllegalArgumentException(
          name + " must be in 0.." + MOST + " nanoseconds, was " + nanos);
    }
  }

  /// Fetching a vector and computing its distance.
  public double vectorNanos(int dimension) {
    return vector + vectorValue * dimension;
  }

  /// Scoring a row by its code record.
  ///
  /// @param lines of the record
  public double recordNanos(int lines) {
    return record + recordLine * lines;
  }

  /// Scoring a row of a partition that is scanned by codes.
  ///
  /// @param words of 32 bits of a code
  public double scanNanos(int words) {
    return scanRow + scanWord * words;
  }
}
