package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.PartReader;

/// Codes of a byte a value, partition by partition.
public final class ByteCodes implements RowCodes {
  private final ByteRows rows;
  private final ByteRows centroids;

  private ByteCodes(ByteRows rows, float[][] centroids) {
    this.rows = rows;
    this.centroids =
        ByteRows.encode(
            rows.dimension(),
            rows.isManhattan(),
            new int[] {0, centroids.length},
            i -> centroids[i]);
  }

  /// Opens what [ByteQuantizer] wrote.
  ///
  /// @param frame after the number of the form
  static ByteCodes read(
      CheckedReader frame, PartReader parts, int[] partitionStart, float[][] centroids) {
    byte metric = frame.readByte();
    if (metric != ByteQuantizer.EUCLID && metric != ByteQuantizer.MANHATTAN) {
      throw frame.corrupt("byte codes of an unknown metric " + metric);
    }
    return new ByteCodes(
        ByteRows.read(
            frame,
            centroids[0].length,
            metric == ByteQuantizer.MANHATTAN,
            partitionStart,
            parts.segment(CodeParts.CODES)),
        centroids);
  }

  @Override
  public String name() {
    return ByteQuantizer.NAME;
  }

  @Override
  public CodedQuery query(float[] query, float confidence) {
    return new ByteQuery(rows, centroids, query, confidence);
  }

  @Override
  public boolean hasRecords() {
    return false;
  }

  @Override
  public double recordNanos() {
    throw new IllegalStateException("there are no code records");
  }

  @Override
  public double scanNanos() {
    return 0.5 + 0.02 * rows.dimension();
  }
}
