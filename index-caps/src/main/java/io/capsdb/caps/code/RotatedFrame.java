package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.vector.Kernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rotates, and compares with the centroid: the frame of binary codes.
///
/// | bytes | what |
/// |---|---|
/// | 4 | 5, the form |
/// | 4 + 4n | the mean of all rows, rotated, float32 |
///
/// Frames are equal when their means are: the rotation depends on the dimension alone.
///
/// @param rotatedMean the mean of all rows, rotated
@SuppressWarnings("ArrayRecordComponent") // read by the codes of the same package only
record RotatedFrame(Rotation rotation, float[] rotatedMean) implements SignFrame {
  /// A query's values are coarser by the root of so much more at the most.
  private static final double MOST_MOVED = 0.1;

  static RotatedFrame read(CheckedReader frame, int dimension) {
    float[] rotatedMean = frame.readFloats();
    if (rotatedMean.length != dimension) {
      throw frame.corrupt("codes of dimension " + rotatedMean.length + ", not " + dimension);
    }
    return new RotatedFrame(new Rotation(dimension), rotatedMean);
  }

  /// Whether the mean of other rows has moved so far that they should have a frame of their own.
  ///
  /// @param mean of the other rows, rotated
  /// @param spread mean squared distance of their centroids to it
  boolean isFar(float[] mean, double spread) {
    return mean.length != rotatedMean.length
        || !(Kernels.best().squaredL2(mean, rotatedMean) <= MOST_MOVED * spread);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RotatedFrame frame && Arrays.equals(rotatedMean, frame.rotatedMean);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(rotatedMean);
  }

  @Override
  public String toString() {
    return "RotatedFrame of " + rotatedMean.length + " values";
  }

  @Override
  public String name() {
    return BinaryQuantizer.NAME;
  }

  @Override
  public int bits() {
    return rotatedMean.length;
  }

  @Override
  public QueryCode code(float[] query) {
    float[] rotated = query.clone();
    rotation.rotate(rotated);
    for (int i = 0; i < rotated.length; i++) {
      rotated[i] -= rotatedMean[i];
    }
    return QueryCode.of(rotated, CodeKernels.LOOPS);
  }

  @Override
  public RowCoder around(float[] centroid) {
    float[] rotatedCentroid = centroid.clone();
    rotation.rotate(rotatedCentroid);
    return coder(rotatedCentroid);
  }

  @Override
  public RowCoder aroundMean() {
    return coder(rotatedMean);
  }

  private RowCoder coder(float[] rotatedCentroid) {
    return (row, groups, at) -> {
      rotation.rotate(row);
      encode(row, rotatedCentroid, groups, at);
    };
  }

  private void encode(float[] rotated, float[] rotatedCentroid, MemorySegment groups, long at) {
    int words = CodeLayout.words(rotated.length);
    double squares = 0;
    double absolutes = 0;
    double alongMean = 0;
    for (int word = 0; word < words; word++) {
      long code = 0;
      for (int i = 64 * word; i < Math.min(rotated.length, 64 * word + 64); i++) {
        float residual = rotated[i] - rotatedCentroid[i];
        float fromMean = rotatedCentroid[i] - rotatedMean[i];
        squares += (double) residual * residual;
        absolutes += Math.abs(residual);
        // Without a branch: half of all signs are guessed wrongly.
        int isNegative = Float.floatToRawIntBits(residual) >>> 31;
        code |= (long) (isNegative ^ 1) << (i & 63);
        alongMean += Float.intBitsToFloat(Float.floatToRawIntBits(fromMean) ^ (isNegative << 31));
      }
      Corrections.writeWord(groups, at, word, code);
    }
    double f = absolutes == 0 ? 0 : squares / absolutes;
    Corrections.write(groups, at, words, f, squares + 2 * f * alongMean);
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeInt(CodeParts.BINARY);
    out.writeFloats(rotatedMean);
  }
}
