package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The loops over codes and candidates, in a plain form that states the meaning and in a vector
/// form. Lengths are checked by the callers.
interface CodeLoops {
  /// For example `panama-512`.
  String name();

  /// `vector[i] *= factors[i]`.
  void multiply(float[] vector, float[] factors);

  /// `vector[from .. from + count - 1] *= factor`.
  void scale(float[] vector, int from, int count, float factor);

  /// The unnormalised Walsh-Hadamard transform of `vector[from .. from + size - 1]`, in place.
  ///
  /// @param size a power of two
  void hadamard(float[] vector, int from, int size);

  /// The four bit planes of a query: value `i` becomes `u` in 0 to 15, which stands for the odd
  /// number `2 u - 15`; bit `p` of `u` goes to bit `i & 63` of `planes[4 (i >> 6) + p]`.
  ///
  /// @param scale the half of the inverse of the step between odd numbers
  /// @param planes zero before the call
  void planes(float[] query, float scale, long[] planes);

  /// The largest absolute value.
  float maxAbs(float[] vector);

  /// Adds the rows of one partition whose bound is below the limit of the terms, and their bounds.
  ///
  /// @param groups as [CodeLayout] tells; the partition begins at byte `offset`
  /// @param mask one bit a row that may be a hit, from bit 0 of word 0 on; null where all may
  /// @param firstRow ordinal of the first row of the partition
  void scan(
      MemorySegment groups,
      long offset,
      int rowCount,
      QueryCode query,
      ScanTerms terms,
      long @Nullable [] mask,
      int firstRow,
      Candidates candidates);

  /// Writes the bounds of rows that are stored one by one.
  ///
  /// @param records as [CodeRecords] tells
  /// @param planes the planes of the query by record: line by line, four planes each
  /// @param codeLanes for each place of a record -1 where it holds a part of the code, 0 elsewhere
  /// @param terms by partition: shift, base
  /// @param bounds receives the bound of `ordinals[i]` at `at + i`
  void scoreRecords(
      MemorySegment records,
      int lines,
      int[] planes,
      int[] codeLanes,
      float slope,
      float[] terms,
      int[] ordinals,
      int from,
      int count,
      float[] bounds,
      int at);

  /// The least and the largest of the first `count` values; what is no number hides none of the
  /// others.
  ///
  /// @param extent receives both; infinities where there are none
  void extent(float[] values, int count, float[] extent);

  /// Number of values below a limit among the first `count`.
  int countBelow(float[] values, int count, float limit);

  /// Moves the entries below a limit to the front, keeping their order; answers their number.
  int keepBelow(float[] bounds, int[] rows, int count, float limit);

  /// Moves the rows whose bound is below a limit to `taken`, and the other entries to the front;
  /// both keep their order. Answers how many were taken.
  ///
  /// @param taken with room for them and [PanamaCodeLoops#MAX_LANES] more
  int split(float[] bounds, int[] rows, int count, float limit, int[] taken);
}
