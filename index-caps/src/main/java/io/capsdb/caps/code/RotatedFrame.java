package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.lang.foreign.MemorySegment;

/// Rotates, and compares with the centroid: the frame of binary codes.
///
/// | bytes | what |
/// |---|---|
/// | 4 | 2, the form |
/// | 4 + 4n | the mean of all rows, rotated, float32 |
///
/// @param rotatedMean the mean of all rows, rotated
@SuppressWarnings("ArrayRecordComponent") // read by the codes of the same package only
record RotatedFrame(Rotation rotation, float[] rotatedMean) implements SignFrame {
  static RotatedFrame read(CheckedReader frame, int dimension) {
    float[] rotatedMean = frame.readFloats();
    if (rotatedMean.length != dimension) {
      throw frame.corrupt("codes of dimension " + rotatedMean.length + ", not " + dimension);
    }
    return new RotatedFrame(new Rotation(dimension), rotatedMean);
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
