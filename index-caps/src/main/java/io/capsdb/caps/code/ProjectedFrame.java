package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Kernels;
import java.util.Arrays;
import java.util.Optional;

/// Projects: the frame of learned codes, whose bits are the signs *s* of `W x + b`.
///
/// With the mean *m* of all rows, the squared distance of a query *q* to a row *x* is `|q - m|^2 +
/// |x - m|^2 - 2 <q - m, x - m>`, and is estimated as `|q - m|^2 + g - 2 f <W (q - m), s>`. The
/// estimate is exact at the centroid *c* by the choice of *g*, and at the row itself by that of
/// `f = <x - c, x - m> / <W (x - c), s>`; but signs that were taken far from *c* may say little of
/// `x - c`, and then the quotient would be anything. So *f* weighs a second demand, that the
/// estimate rises as it should from *m* to *x*. What is wrong with it elsewhere is measured when
/// rows are coded ([DeviationMeasurement]).
///
/// | bytes | what |
/// |---|---|
/// | 4 | 6, the form |
/// | 4 | deviation of an estimate, float32, as a multiple of *f* and `|q - c|` |
/// | 4 + 4n | the mean of all rows, float32 |
/// | … | the projection, as [BinaryProjection] tells |
///
/// @param projection of as many values as rows have, or of one less: what completes rows for inner
///     products has no part in their bits
@SuppressWarnings("ArrayRecordComponent") // read by the codes of the same package only
record ProjectedFrame(
    BinaryProjection projection, float[] mean, float[] projectedMean, float deviation)
    implements SignFrame {
  /// Of the demand from the mean, against that from the centroid.
  private static final double WEIGHT_OF_MEAN = 0.1;

  /// Between *f* and what the demand from the mean alone would have it: the deviation is stated as
  /// a multiple of *f*, which must not be small by chance.
  private static final double MOST_RATIO = 2;

  /// Squared distances to the mean cancel each other in float32, which costs so much of them where
  /// partitions are far from it.
  private static final double ROUNDING = 2e-6;

  static ProjectedFrame of(BinaryProjection projection, float[] mean, float deviation) {
    return new ProjectedFrame(projection, mean, project(projection, mean), deviation);
  }

  /// Whether rows of that many values can be projected.
  static boolean fits(BinaryProjection projection, int dimension) {
    return projection.dimension() == dimension || projection.dimension() == dimension - 1;
  }

  private static float[] project(BinaryProjection projection, float[] vector) {
    return projection.project(
        projection.dimension() == vector.length
            ? vector
            : Arrays.copyOf(vector, projection.dimension()));
  }

  static ProjectedFrame read(CheckedReader frame, int dimension) {
    float deviation = frame.readFloat();
    if (!(deviation >= 0 && deviation < QueryCode.MOST_STEP)) {
      throw frame.corrupt("a deviation of " + deviation);
    }
    float[] mean = frame.readFloats();
    BinaryProjection projection = BinaryProjection.read(frame);
    if (mean.length != dimension || !fits(projection, dimension)) {
      throw frame.corrupt(
          "codes of dimension "
              + mean.length
              + " by a projection of "
              + projection.dimension()
              + " values, not of "
              + dimension);
    }
    return of(projection, mean, deviation);
  }

  ProjectedFrame withDeviation(float measured) {
    return new ProjectedFrame(projection, mean, projectedMean, measured);
  }

  @Override
  public String name() {
    return LearnedQuantizer.NAME;
  }

  @Override
  public int bits() {
    return projection.bits();
  }

  @Override
  public QueryCode code(float[] query) {
    return QueryCode.aroundMean(
        fromMean(query), Kernels.best().squaredL2(query, mean), deviation, CodeKernels.LOOPS);
  }

  /// `W q + b`, of which rows have the signs; empty where it overflows.
  Optional<float[]> signed(float[] query) {
    float[] projected = project(projection, query);
    for (float value : projected) {
      if (!Float.isFinite(value)) {
        return Optional.empty();
      }
    }
    return Optional.of(projected);
  }

  /// `W (x - m)`.
  private float[] fromMean(float[] vector) {
    float[] projected = project(projection, vector);
    for (int i = 0; i < projected.length; i++) {
      projected[i] -= projectedMean[i];
    }
    return projected;
  }

  @Override
  public RowCoder around(float[] centroid) {
    float[] projectedCentroid = fromMean(centroid);
    return (row, groups, at) -> {
      float[] projected = project(projection, row);
      double ofRow = 0; // <W (x - m), s>
      double ofCentroid = 0; // <W (c - m), s>
      int words = CodeLayout.words(bits());
      for (int word = 0; word < words; word++) {
        long code = 0;
        for (int i = 64 * word; i < Math.min(projected.length, 64 * word + 64); i++) {
          boolean isSet = projected[i] >= 0;
          code |= isSet ? 1L << (i & 63) : 0;
          double along = (double) projected[i] - projectedMean[i];
          ofRow += isSet ? along : -along;
          ofCentroid += isSet ? projectedCentroid[i] : -projectedCentroid[i];
        }
        Corrections.writeWord(groups, at, word, code);
      }
      double fromCentroid = 0;
      double fromMean = 0;
      double centroidFromMean = 0;
      double both = 0;
      for (int i = 0; i < row.length; i++) {
        double r = (double) row[i] - centroid[i];
        double a = (double) row[i] - mean[i];
        double e = (double) centroid[i] - mean[i];
        fromCentroid += r * r;
        fromMean += a * a;
        centroidFromMean += e * e;
        both += r * a;
      }
      double f = factor(ofRow - ofCentroid, ofRow, fromCentroid, fromMean, both);
      double g =
          fromCentroid
              - centroidFromMean
              + 2 * f * ofCentroid
              - ROUNDING * (fromMean + centroidFromMean);
      Corrections.write(groups, at, words, f, g);
    };
  }

  /// The least squares of both demands, each by the length of what it is about.
  ///
  /// @param residual `<W (x - c), s>`
  /// @param whole `<W (x - m), s>`
  /// @param fromCentroid `|x - c|^2`
  /// @param fromMean `|x - m|^2`
  /// @param both `<x - c, x - m>`
  private static double factor(
      double residual, double whole, double fromCentroid, double fromMean, double both) {
    if (fromMean == 0) {
      return 0;
    }
    double fromMeanAlone = fromMean / whole;
    if (!(fromMeanAlone > 0)) {
      return Double.POSITIVE_INFINITY; // signs that say nothing of the row: its vector is read
    }
    if (fromCentroid == 0) {
      return fromMeanAlone;
    }
    double above = residual * both / fromCentroid + WEIGHT_OF_MEAN * whole;
    double below = residual * residual / fromCentroid + WEIGHT_OF_MEAN * whole * whole / fromMean;
    return Math.clamp(above / below, fromMeanAlone / MOST_RATIO, fromMeanAlone * MOST_RATIO);
  }

  @Override
  public RowCoder aroundMean() {
    return around(mean);
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeInt(CodeParts.LEARNED);
    out.writeFloat(deviation);
    out.writeFloats(mean);
    projection.write(out);
  }
}
