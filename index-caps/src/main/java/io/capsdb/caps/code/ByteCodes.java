package io.capsdb.caps.code;

import io.capsdb.index.CostModel;
import io.capsdb.index.QueryMemo;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.PartReader;

/// Codes of a byte a value, partition by partition.
public final class ByteCodes implements RowCodes {
  /// A value costs as much as so many words of signs.
  private static final double WORDS_OF_VALUE = 0.13;

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
  public CodedQuery query(float[] query, float confidence, QueryMemo memo) {
    return new ByteQuery(rows, centroids, query, confidence);
  }

  @Override
  public boolean hasRecords() {
    return false;
  }

  @Override
  public double recordNanos(CostModel costs) {
    throw new IllegalStateException("there are no code records");
  }

  @Override
  public double scanNanos(CostModel costs) {
    return costs.scanRow() + WORDS_OF_VALUE * costs.scanWord() * rows.dimension();
  }
}
