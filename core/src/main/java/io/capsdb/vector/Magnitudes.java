package io.capsdb.vector;

/// How large the values of a vector are. Every vector that is stored or searched for is looked at,
/// so the loops go on with some values while sums of others are not yet there.
public final class Magnitudes {
  private static final int STEP = 4;

  private Magnitudes() {}

  /// The largest absolute value; NaN if a value is NaN, 0 for no values.
  public static float largest(float[] vector) {
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    int i = 0;
    // Without their signs, bits are in the order of values, infinity and then NaN the last.
    for (; i <= vector.length - STEP; i += STEP) {
      a = Math.max(a, unsigned(vector[i]));
      b = Math.max(b, unsigned(vector[i + 1]));
      c = Math.max(c, unsigned(vector[i + 2]));
      d = Math.max(d, unsigned(vector[i + 3]));
    }
    for (; i < vector.length; i++) {
      a = Math.max(a, unsigned(vector[i]));
    }
    return Float.intBitsToFloat(Math.max(Math.max(a, b), Math.max(c, d)));
  }

  private static int unsigned(float value) {
    return Float.floatToRawIntBits(value) & Integer.MAX_VALUE;
  }

  /// The sum of the squares, which is finite where all values are; NaN or infinite otherwise.
  public static double squares(float[] vector) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i <= vector.length - STEP; i += STEP) {
      a += square(vector[i]);
      b += square(vector[i + 1]);
      c += square(vector[i + 2]);
      d += square(vector[i + 3]);
    }
    for (; i < vector.length; i++) {
      a += square(vector[i]);
    }
    return (a + b) + (c + d);
  }

  private static double square(double value) {
    return value * value;
  }
}
