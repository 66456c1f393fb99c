package io.capsdb.caps.code;

import java.util.Optional;
import java.util.function.IntFunction;

/// Signs of the residual to the centroid after a fixed rotation, one bit a value: nothing is
/// learned, and the deviation of an estimate is known (RaBitQ).
///
/// The mean of all rows, rotated, is the frame; or that of other rows, as long as it is not far
/// from it. The residuals of rows are taken from their centroids, so the mean decides only how
/// finely the four bits of a query's values are spaced.
public record BinaryQuantizer() implements Quantizer {
  static final String NAME = "binary";

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
    Rotation rotation = new Rotation(centroids[0].length);
    float[] mean = Means.of(partitionStart, centroids);
    double spread = Means.spread(partitionStart, centroids, mean);
    rotation.rotate(mean);
    SignFrame frame =
        like.filter(BinaryCodes.class::isInstance)
            .map(codes -> ((BinaryCodes) codes).frame())
            .filter(other -> other instanceof RotatedFrame rotated && !rotated.isFar(mean, spread))
            .orElseGet(() -> new RotatedFrame(rotation, mean));
    return CodeWriter.encode(frame, partitionStart, centroids, rows);
  }
}
