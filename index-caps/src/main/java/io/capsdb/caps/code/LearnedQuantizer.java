package io.capsdb.caps.code;

import io.capsdb.vector.BinaryProjection;
import java.util.Optional;
import java.util.function.IntFunction;

/// Signs of a projection that was learned elsewhere, one bit for each of its rows: fewer bits than
/// values, or bits that suit the data better than those of a random rotation.
///
/// How exact the estimates are is measured when rows are coded. A query costs a product with the
/// matrix. The frame holds what was measured, so it is never that of other rows.
///
/// @param projection of as many values as rows have
public record LearnedQuantizer(BinaryProjection projection) implements Quantizer {
  static final String NAME = "learned";

  @Override
  public String name() {
    return NAME;
  }

  /// @throws IllegalArgumentException if the projection is of another dimension than the rows, to
  ///     which one value may have been added
  @Override
  public Encoded encode(
      int[] partitionStart,
      float[][] centroids,
      IntFunction<float[]> rows,
      Optional<RowCodes> like) {
    int dimension = centroids[0].length;
    if (!ProjectedFrame.fits(projection, dimension)) {
      throw new IllegalArgumentException(
          "the projection is of " + projection.dimension() + " values, rows have " + dimension);
    }
    float[] mean = Means.of(partitionStart, centroids);
    ProjectedFrame frame = ProjectedFrame.of(projection, mean, 0);
    CodeWriter codes = CodeWriter.encode(frame, partitionStart, centroids, rows);
    float deviation =
        new DeviationMeasurement(frame, codes.groups(), partitionStart, centroids, rows).measure();
    return codes.with(frame.withDeviation(deviation));
  }
}
