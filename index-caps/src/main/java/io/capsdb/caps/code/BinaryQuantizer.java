package io.capsdb.caps.code;

import java.util.function.IntFunction;

/// Signs of the residual to the centroid after a fixed rotation, one bit a value: nothing is
/// learned, and the deviation of an estimate is known (RaBitQ).
///
/// The mean of all rows, rotated, is the frame.
public record BinaryQuantizer() implements Quantizer {
  static final String NAME = "binary";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Encoded encode(int[] partitionStart, float[][] centroids, IntFunction<float[]> rows) {
    Rotation rotation = new Rotation(centroids[0].length);
    float[] mean = Means.of(partitionStart, centroids);
    rotation.rotate(mean);
    return CodeWriter.encode(new RotatedFrame(rotation, mean), partitionStart, centroids, rows);
  }
}
