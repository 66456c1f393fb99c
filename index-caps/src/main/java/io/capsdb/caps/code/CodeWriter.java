package io.capsdb.caps.code;

import io.capsdb.io.CheckedWriter;
import io.capsdb.io.PartWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Codes the rows of an index part by signs, and writes the result.
///
/// Parts: `codes` as [CodeLayout] tells, `code-records` as [CodeRecords] tells where they are kept,
/// and `code-frame` as the frame tells.
final class CodeWriter implements Quantizer.Encoded {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final SignFrame frame;
  private final MemorySegment groups;
  private final MemorySegment records;

  private CodeWriter(SignFrame frame, MemorySegment groups, MemorySegment records) {
    this.frame = frame;
    this.groups = groups;
    this.records = records;
  }

  /// Codes all rows, on all processors; see [Quantizer#encode].
  static CodeWriter encode(
      SignFrame frame, int[] partitionStart, float[][] centroids, IntFunction<float[]> rows) {
    int dimension = centroids[0].length;
    long[] offsets = BinaryCodes.offsets(partitionStart, frame.bits());
    MemorySegment groups = Arena.ofAuto().allocate(Math.max(64, offsets[centroids.length]), 64);
    CodeWriter writer =
        new CodeWriter(
            frame,
            groups.asSlice(0, offsets[centroids.length]),
            allocateRecords(frame.bits(), dimension, partitionStart[centroids.length]));
    IntStream.range(0, centroids.length)
        .parallel()
        .forEach(
            p ->
                writer.encodePartition(
                    p, offsets[p], partitionStart[p], partitionStart[p + 1], centroids[p], rows));
    return writer;
  }

  /// The same codes in a frame that knows more of them.
  CodeWriter with(SignFrame other) {
    return new CodeWriter(other, groups, records);
  }

  MemorySegment groups() {
    return groups;
  }

  private static MemorySegment allocateRecords(int bits, int dimension, int rows) {
    long bytes =
        CodeRecords.areKept(bits, dimension)
            ? (long) rows * CodeRecords.lines(bits) * CodeRecords.LINE_BYTES
            : 0;
    return Arena.ofAuto().allocate(Math.max(64, bytes), 64).asSlice(0, bytes);
  }

  private void encodePartition(
      int partition, long offset, int from, int to, float[] centroid, IntFunction<float[]> rows) {
    encodeRows(
        groups, offset, frame.bits(), frame.around(centroid), to - from, i -> rows.apply(from + i));
    for (int row = from; row < to && records.byteSize() > 0; row++) {
      copyToRecord(offset, row - from, row, partition);
    }
  }

  /// Codes rows that lie together, and fills up their last group.
  ///
  /// @param rows copies, which are changed
  static void encodeRows(
      MemorySegment groups,
      long offset,
      int bits,
      SignFrame.RowCoder coder,
      int count,
      IntFunction<float[]> rows) {
    for (int row = 0; row < CodeLayout.groups(count) * CodeLayout.GROUP; row++) {
      long at = CodeLayout.address(offset, row, bits);
      if (row < count) {
        coder.encode(rows.apply(row), groups, at);
      } else {
        Corrections.writeNone(groups, at, CodeLayout.words(bits));
      }
    }
  }

  private void copyToRecord(long offset, int row, int ordinal, int partition) {
    int words = CodeRecords.words(frame.bits());
    long at = CodeLayout.address(offset, row, frame.bits());
    int lines = CodeRecords.lines(frame.bits());
    long record = (long) ordinal * lines * CodeRecords.LINE_BYTES;
    long end = record + (long) lines * CodeRecords.LINE_BYTES;
    for (int word = 0; word < words; word++) {
      long pair = Corrections.word(groups, at, word / 2);
      records.set(INT, record + 4L * word, CodeRecords.half(pair, word));
    }
    int pairs = CodeLayout.words(frame.bits());
    records.set(FLOAT, end - 12, Corrections.f(groups, at, pairs));
    records.set(FLOAT, end - 8, Corrections.g(groups, at, pairs));
    records.set(INT, end - 4, partition);
  }

  @Override
  public void write(PartWriter out) throws IOException {
    CheckedWriter content = new CheckedWriter();
    frame.write(content);
    out.part(CodeParts.FRAME, content);
    out.part(CodeParts.CODES, groups);
    if (records.byteSize() > 0) {
      out.part(CodeParts.RECORDS, records);
    }
  }
}
