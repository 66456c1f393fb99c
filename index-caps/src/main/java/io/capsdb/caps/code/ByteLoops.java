package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The loops over byte codes, in a plain form that states the meaning and in a vector form. Lengths
/// are checked by the callers.
interface ByteLoops {
  /// For example `panama-512`.
  String name();

  /// Codes a vector: value `i` becomes the nearest of `(vector[i] - low[at + i]) / step` in 0 to
  /// [ByteLayout#MOST_CODE].
  ///
  /// @param vector filled up with zeros to the values of all words, as `low` is
  /// @param step at least [ByteLayout#LEAST_STEP]
  /// @param words receives the code, as [ByteLayout] tells
  /// @param beyond 16 places; to their sum is added how far values lie outside of what can be
  ///     coded, squared unless distances are L1
  void code(
      float[] vector,
      float[] low,
      int at,
      float step,
      boolean isManhattan,
      int[] words,
      float[] beyond);

  /// Adds the rows of one partition whose bound is below the limit of the terms, and their bounds.
  ///
  /// @param groups as [ByteLayout] tells; the partition begins at byte `offset`
  /// @param words of the query
  /// @param mask one bit a row that may be a hit, from bit 0 of word 0 on; null where all may
  /// @param firstRow ordinal of the first row of the partition
  void scan(
      MemorySegment groups,
      long offset,
      int rowCount,
      int[] words,
      ByteTerms terms,
      long @Nullable [] mask,
      int firstRow,
      Candidates candidates);
}
