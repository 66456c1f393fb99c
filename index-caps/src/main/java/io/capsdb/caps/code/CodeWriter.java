package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Codes the rows of an index part, and writes and reads the result.
///
/// Parts: `codes` as [CodeLayout] tells, `code-records` as [CodeRecords] tells where they are kept,
/// and `code-frame`: format (2; in 1 the rotation was another one), and the rotated mean.
public final class CodeWriter {
  private static final int FORMAT = 2;

  /// Above it a bound could overflow.
  private static final double MOST_G = 1e35;

  private static final String FRAME = "code-frame";
  private static final String CODES = "codes";
  private static final String RECORDS = "code-records";
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Rotation rotation;
  private final float[] rotatedMean;
  private final MemorySegment groups;
  private final MemorySegment records;

  private CodeWriter(
      Rotation rotation, float[] rotatedMean, MemorySegment groups, MemorySegment records) {
    this.rotation = rotation;
    this.rotatedMean = rotatedMean;
    this.groups = groups;
    this.records = records;
  }

  /// Codes all rows, on all processors.
  ///
  /// @param partitionStart first ordinal of each partition, then the number of ordinals
  /// @param centroids of the partitions
  /// @param rows a copy of the row at an ordinal, in the space of the centroids
  public static CodeWriter encode(
      int[] partitionStart, float[][] centroids, IntFunction<float[]> rows) {
    int dimension = centroids[0].length;
    Rotation rotation = new Rotation(dimension);
    float[] mean = mean(partitionStart, centroids);
    rotation.rotate(mean);
    long[] offsets = BinaryCodes.offsets(partitionStart, dimension);
    MemorySegment groups = Arena.ofAuto().allocate(Math.max(64, offsets[centroids.length]), 64);
    CodeWriter writer =
        new CodeWriter(
            rotation,
            mean,
            groups.asSlice(0, offsets[centroids.length]),
            allocateRecords(dimension, partitionStart[centroids.length]));
    IntStream.range(0, centroids.length)
        .parallel()
        .forEach(
            p ->
                writer.encodePartition(
                    p, offsets[p], partitionStart[p], partitionStart[p + 1], centroids[p], rows));
    return writer;
  }

  private static MemorySegment allocateRecords(int dimension, int rows) {
    long bytes =
        CodeRecords.areKept(dimension)
            ? (long) rows * CodeRecords.lines(dimension) * CodeRecords.LINE_BYTES
            : 0;
    return Arena.ofAuto().allocate(Math.max(64, bytes), 64).asSlice(0, bytes);
  }

  private static float[] mean(int[] partitionStart, float[][] centroids) {
    double[] sum = new double[centroids[0].length];
    for (int p = 0; p < centroids.length; p++) {
      int rows = partitionStart[p + 1] - partitionStart[p];
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) rows * centroids[p][i];
      }
    }
    float[] mean = new float[sum.length];
    int total = Math.max(1, partitionStart[centroids.length]);
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / total);
    }
    return mean;
  }

  private void encodePartition(
      int partition, long offset, int from, int to, float[] centroid, IntFunction<float[]> rows) {
    float[] rotatedCentroid = centroid.clone();
    rotation.rotate(rotatedCentroid);
    float[][] own = new float[to - from][];
    for (int row = from; row < to; row++) {
      own[row - from] = rows.apply(row);
    }
    encodePartition(groups, offset, rotation, rotatedMean, rotatedCentroid, own);
    for (int row = from; row < to && records.byteSize() > 0; row++) {
      copyToRecord(offset, row - from, row, partition);
    }
  }

  /// Codes the rows of one partition.
  ///
  /// @param rows are rotated in place
  static void encodePartition(
      MemorySegment groups,
      long offset,
      Rotation rotation,
      float[] rotatedMean,
      float[] rotatedCentroid,
      float[][] rows) {
    int words = CodeLayout.words(rotatedMean.length);
    for (int row = 0; row < CodeLayout.groups(rows.length) * CodeLayout.GROUP; row++) {
      long at = CodeLayout.address(offset, row, rotatedMean.length);
      if (row < rows.length) {
        rotation.rotate(rows[row]);
        encodeRow(groups, at, words, rows[row], rotatedCentroid, rotatedMean);
      } else {
        groups.set(
            FLOAT, at + (long) CodeLayout.ROW_OF_WORDS * (words + 1), Float.POSITIVE_INFINITY);
      }
    }
  }

  private static void encodeRow(
      MemorySegment groups,
      long at,
      int words,
      float[] rotated,
      float[] rotatedCentroid,
      float[] rotatedMean) {
    double squares = 0;
    double absolutes = 0;
    double alongMean = 0;
    for (int word = 0; word < words; word++) {
      int code = 0;
      for (int i = 32 * word; i < Math.min(rotated.length, 32 * word + 32); i++) {
        float residual = rotated[i] - rotatedCentroid[i];
        float fromMean = rotatedCentroid[i] - rotatedMean[i];
        squares += (double) residual * residual;
        absolutes += Math.abs(residual);
        if (residual >= 0) {
          code |= 1 << (i & 31);
          alongMean += fromMean;
        } else {
          alongMean -= fromMean;
        }
      }
      groups.set(INT, at + (long) CodeLayout.ROW_OF_WORDS * word, code);
    }
    double f = absolutes == 0 ? 0 : squares / absolutes;
    double g = squares + 2 * f * alongMean;
    if (!(f < QueryCode.MOST_STEP && Math.abs(g) < MOST_G)) {
      // The bound would overflow: one below every limit has the vector read.
      f = 0;
      g = Float.NEGATIVE_INFINITY;
    }
    groups.set(FLOAT, at + (long) CodeLayout.ROW_OF_WORDS * words, (float) f);
    groups.set(FLOAT, at + (long) CodeLayout.ROW_OF_WORDS * (words + 1), (float) g);
  }

  private void copyToRecord(long offset, int row, int ordinal, int partition) {
    int words = CodeLayout.words(rotatedMean.length);
    long at = CodeLayout.address(offset, row, rotatedMean.length);
    int lines = CodeRecords.lines(rotatedMean.length);
    long record = (long) ordinal * lines * CodeRecords.LINE_BYTES;
    long end = record + (long) lines * CodeRecords.LINE_BYTES;
    for (int word = 0; word < words; word++) {
      records.set(
          INT, record + 4L * word, groups.get(INT, at + (long) CodeLayout.ROW_OF_WORDS * word));
    }
    records.set(INT, end - 12, groups.get(INT, at + (long) CodeLayout.ROW_OF_WORDS * words));
    records.set(INT, end - 8, groups.get(INT, at + (long) CodeLayout.ROW_OF_WORDS * (words + 1)));
    records.set(INT, end - 4, partition);
  }

  public void write(PartWriter out) throws IOException {
    CheckedWriter frame = new CheckedWriter();
    frame.writeInt(FORMAT);
    frame.writeFloats(rotatedMean);
    out.part(FRAME, frame);
    out.part(CODES, groups);
    if (records.byteSize() > 0) {
      out.part(RECORDS, records);
    }
  }

  /// Whether codes were written.
  public static boolean isIn(PartReader in) {
    return in.has(FRAME);
  }

  /// Opens what [#write] wrote.
  ///
  /// @param dimension of the space of the centroids
  /// @throws io.capsdb.io.CorruptFileException if the parts do not hold together
  public static BinaryCodes read(PartReader in, int[] partitionStart, int dimension) {
    CheckedReader frame = in.reader(FRAME);
    int format = frame.readInt();
    if (format != FORMAT) {
      throw frame.corrupt("codes of format " + format + ", this version reads " + FORMAT);
    }
    float[] rotatedMean = frame.readFloats();
    if (rotatedMean.length != dimension) {
      throw frame.corrupt("codes of dimension " + rotatedMean.length + ", not " + dimension);
    }
    return new BinaryCodes(
        rotatedMean,
        partitionStart,
        in.segment(CODES),
        in.has(RECORDS) ? Optional.of(in.segment(RECORDS)) : Optional.empty(),
        frame);
  }
}
