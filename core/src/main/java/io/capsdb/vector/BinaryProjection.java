package io.capsdb.vector;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A linear map whose signs are a binary code: bit `i` of a vector *x* is 1 where `W_i x >= t_i`,
/// for the row `W_i` of a matrix and a threshold `t_i`. In the form `sign(W x + b)` the thresholds
/// are `-b`, and the sign of zero is 1.
///
/// Learned elsewhere, or a rotation; nothing here asks where it comes from. Immutable and safe for
/// use by many threads. Cost of a code: `bits` inner products.
///
/// As bytes, little-endian:
///
/// | bytes | what |
/// |---|---|
/// | 4 | format, 1 |
/// | 4 | dimension |
/// | 4 + 4n | matrix, float32, row by row |
/// | 4 + 4n | thresholds, float32 |
public final class BinaryProjection {
  private static final int FORMAT = 1;

  private final int dimension;
  private final float[] matrix;
  private final float[] thresholds;
  private final VectorMatrix rows;

  /// @param dimension of the vectors, at least 1
  /// @param matrix bits x dimension, row by row
  /// @param thresholds one for each bit, at least one
  /// @throws IllegalArgumentException if lengths do not fit or a value is not finite
  public BinaryProjection(int dimension, float[] matrix, float[] thresholds) {
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension must be at least 1, was " + dimension);
    }
    if (thresholds.length < 1) {
      throw new IllegalArgumentException("a projection needs at least one bit");
    }
    if (matrix.length != (long) dimension * thresholds.length) {
      throw new IllegalArgumentException(
          "matrix has "
              + matrix.length
              + " values, "
              + thresholds.length
              + " bits x "
              + dimension
              + " values were said");
    }
    requireFinite("matrix", matrix);
    requireFinite("thresholds", thresholds);
    this.dimension = dimension;
    this.matrix = matrix.clone();
    this.thresholds = thresholds.clone();
    MemorySegment segment = Arena.ofAuto().allocate(4L * matrix.length, 64);
    MemorySegment.copy(matrix, 0, segment, Floats.LITTLE_ENDIAN, 0, matrix.length);
    this.rows = new VectorMatrix(segment, thresholds.length, dimension);
  }

  private static void requireFinite(String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + "[" + i + "] is " + values[i] + ", must be finite");
      }
    }
  }

  public int bits() {
    return thresholds.length;
  }

  /// Values of the vectors that are projected.
  public int dimension() {
    return dimension;
  }

  /// A copy of the matrix, bits x dimension, row by row.
  public float[] matrix() {
    return matrix.clone();
  }

  /// A copy of the thresholds.
  public float[] thresholds() {
    return thresholds.clone();
  }

  /// `W x - t`, whose signs are the code.
  ///
  /// @throws IllegalArgumentException if the vector is of another dimension
  public float[] project(float[] vector) {
    float[] projected = new float[bits()];
    Kernels.best().distances(Metric.DOT, vector, rows, 0, projected.length, projected);
    for (int i = 0; i < projected.length; i++) {
      projected[i] = -projected[i] - thresholds[i];
    }
    return projected;
  }

  /// The code of a vector: bit `i` at bit `i & 63` of word `i >> 6`; bits beyond the last are 0.
  ///
  /// @throws IllegalArgumentException if the vector is of another dimension
  public long[] code(float[] vector) {
    float[] projected = project(vector);
    long[] code = new long[(projected.length + 63) >>> 6];
    for (int i = 0; i < projected.length; i++) {
      code[i >> 6] |= projected[i] >= 0 ? 1L << i : 0;
    }
    return code;
  }

  public void write(CheckedWriter out) {
    out.writeInt(FORMAT);
    out.writeInt(dimension);
    out.writeFloats(matrix);
    out.writeFloats(thresholds);
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws io.capsdb.io.CorruptFileException if it is no projection, or one of another format
  public static BinaryProjection read(CheckedReader in) {
    int format = in.readInt();
    if (format != FORMAT) {
      throw in.corrupt("projection of format " + format + ", this version reads " + FORMAT);
    }
    int dimension = in.readInt();
    float[] matrix = in.readFloats();
    float[] thresholds = in.readFloats();
    try {
      return new BinaryProjection(dimension, matrix, thresholds);
    } catch (IllegalArgumentException e) {
      throw in.corrupt("no projection: " + e.getMessage());
    }
  }

  /// Equal where bits, matrix and thresholds are.
  @Override
  public boolean equals(Object other) {
    return other instanceof BinaryProjection that
        && dimension == that.dimension
        && Arrays.equals(matrix, that.matrix)
        && Arrays.equals(thresholds, that.thresholds);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(matrix) + Arrays.hashCode(thresholds);
  }

  @Override
  public String toString() {
    return "BinaryProjection[" + bits() + " bits of " + dimension + " values]";
  }
}
