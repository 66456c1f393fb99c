package io.capsdb.caps.code;

import io.capsdb.io.CheckedWriter;
import java.lang.foreign.MemorySegment;

/// What turns vectors into the values whose signs are their code. Immutable and safe for use by
/// many threads.
sealed interface SignFrame permits RotatedFrame, ProjectedFrame {
  /// The form in a word.
  String name();

  /// Values, and so bits of a code.
  int bits();

  /// Codes a query.
  QueryCode code(float[] query);

  /// Codes rows whose estimates are exact for queries at a centroid.
  RowCoder around(float[] centroid);

  /// Codes rows whose estimates are exact for queries at the mean of all rows.
  RowCoder aroundMean();

  /// Writes the number of the form, then itself.
  void write(CheckedWriter out);

  /// Codes rows; not for more than one thread.
  interface RowCoder {
    /// @param row a copy, which may be changed
    /// @param at where the first word of the row stands in the groups, as [CodeLayout] tells
    void encode(float[] row, MemorySegment groups, long at);
  }
}
