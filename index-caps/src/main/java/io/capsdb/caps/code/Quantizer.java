package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import java.io.IOException;
import java.util.Optional;
import java.util.function.IntFunction;

/// A form of codes for the rows of an index part: how rows are coded, and how what was written is
/// opened.
///
/// The part `code-frame` begins with a number that tells the form and its version, an int32:
///
/// | number | form |
/// |---|---|
/// | 1 | binary, with a rotation that no version reads any more |
/// | 2 | binary |
/// | 3 | byte |
/// | 4 | learned |
public sealed interface Quantizer permits BinaryQuantizer, ByteQuantizer, LearnedQuantizer {
  /// The form in a word.
  String name();

  /// Codes all rows in a frame of their own.
  default Encoded encode(int[] partitionStart, float[][] centroids, IntFunction<float[]> rows) {
    return encode(partitionStart, centroids, rows, Optional.empty());
  }

  /// Codes all rows, on all processors, in a frame of their own or in that of other codes where it
  /// suits them: then a query is coded once for both.
  ///
  /// @param partitionStart first ordinal of each partition, then the number of ordinals
  /// @param centroids of the partitions, at least one
  /// @param rows a copy of the row at an ordinal, in the space of the centroids; asked by many
  ///     threads
  /// @param like codes of other rows, whose frame is to be taken if it suits; empty for none
  Encoded encode(
      int[] partitionStart,
      float[][] centroids,
      IntFunction<float[]> rows,
      Optional<RowCodes> like);

  /// The codes of all rows, ready to be written. Written once.
  interface Encoded {
    void write(PartWriter out) throws IOException;
  }

  /// Opens what [Encoded#write] wrote, whichever form it is; empty where nothing was.
  ///
  /// @param partitionStart as it was given to [#encode]
  /// @param centroids as they were given to [#encode]
  /// @throws io.capsdb.io.CorruptFileException if the form is unknown or the parts do not hold
  ///     together
  static Optional<RowCodes> read(PartReader in, int[] partitionStart, float[][] centroids) {
    if (!in.has(CodeParts.FRAME)) {
      return Optional.empty();
    }
    CheckedReader frame = in.reader(CodeParts.FRAME);
    int form = frame.readInt();
    return Optional.of(
        switch (form) {
          case CodeParts.BINARY, CodeParts.FORMER_BINARY ->
              BinaryCodes.read(
                  RotatedFrame.read(frame, centroids[0].length),
                  form == CodeParts.FORMER_BINARY,
                  in,
                  partitionStart,
                  centroids,
                  frame);
          case CodeParts.LEARNED, CodeParts.FORMER_LEARNED ->
              BinaryCodes.read(
                  ProjectedFrame.read(frame, centroids[0].length),
                  form == CodeParts.FORMER_LEARNED,
                  in,
                  partitionStart,
                  centroids,
                  frame);
          case CodeParts.BYTE -> ByteCodes.read(frame, in, partitionStart, centroids);
          default -> throw frame.corrupt("codes of form " + form + ", this version reads 2 to 6");
        });
  }
}
