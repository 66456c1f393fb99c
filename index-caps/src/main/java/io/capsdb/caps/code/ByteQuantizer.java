package io.capsdb.caps.code;

import io.capsdb.io.CheckedWriter;
import io.capsdb.vector.Metric;
import java.util.Optional;
import java.util.function.IntFunction;

/// A byte for each value, for squared L2 distances of few values, whose signs tell too little, and
/// for L1 distances, of which signs tell nothing.
///
/// Parts: `codes` as [ByteLayout] tells, and `code-frame`: the number of the form, a byte that is 0
/// for squared L2 and 1 for L1, and the steps as [ByteRows] tells.
///
/// @param metric of the space of the centroids: `EUCLID` or `MANHATTAN`
public record ByteQuantizer(Metric metric) implements Quantizer {
  static final String NAME = "byte";
  static final byte EUCLID = 0;
  static final byte MANHATTAN = 1;

  public ByteQuantizer {
    if (metric != Metric.EUCLID && metric != Metric.MANHATTAN) {
      throw new IllegalArgumentException(
          "byte codes are of EUCLID or MANHATTAN distances, not of " + metric);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Encoded encode(
      int[] partitionStart,
      float[][] centroids,
      IntFunction<float[]> rows,
      Optional<RowCodes> like) {
    boolean isManhattan = metric == Metric.MANHATTAN;
    ByteRows coded = ByteRows.encode(centroids[0].length, isManhattan, partitionStart, rows);
    return out -> {
      CheckedWriter frame = new CheckedWriter();
      frame.writeInt(CodeParts.BYTE);
      frame.writeByte(isManhattan ? MANHATTAN : EUCLID);
      coded.writeSteps(frame);
      out.part(CodeParts.FRAME, frame);
      out.part(CodeParts.CODES, coded.groups());
    };
  }
}
