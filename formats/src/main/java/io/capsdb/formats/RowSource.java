package io.capsdb.formats;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The rows of one file, or of two that belong together, one after the other. Memory for one row at
/// a time. Not for more than one thread.
public interface RowSource extends Closeable {
  /// One row.
  ///
  /// @param number place in the file from 0; rejected rows are counted
  /// @param line line of a text file from 1; `number + 1` for other files
  /// @param id of the row, where the file names it
  /// @param vector where the file has one for each row, without a name
  /// @param named where the row has vectors by name; then `vector` is null
  /// @param rejection why the row cannot be used; then id, vector and payload mean nothing
  @SuppressWarnings("ArrayRecordComponent") // made by the reader, owned by the receiver
  record Row(
      long number,
      long line,
      Optional<PointId> id,
      float @Nullable [] vector,
      Optional<NamedVectors> named,
      Payload payload,
      Optional<String> rejection) {

    /// Without vectors by name.
    public Row(
        long number,
        long line,
        Optional<PointId> id,
        float @Nullable [] vector,
        Payload payload,
        Optional<String> rejection) {
      this(number, line, id, vector, Optional.empty(), payload, rejection);
    }

    static Row rejected(long number, long line, String reason) {
      return new Row(number, line, Optional.empty(), null, Payload.empty(), Optional.of(reason));
    }
  }

  /// The next row, rejected ones included; empty at the end.
  ///
  /// @throws FormatException if the file is damaged, so that no later row can be found
  Optional<Row> next() throws IOException;

  /// Name of the file, for messages.
  String file();

  /// Number of rows, where it is known before the end.
  OptionalLong rowCount();

  /// Share of the file that was read, 0 to 1; an estimate for compressed files.
  double progress();
}
