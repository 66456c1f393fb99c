package io.capsdb.formats;

import java.util.random.RandomGenerator;

/// Numbers as they stand in files, decoded here from their bits by the definition.
final class Numbers {
  private static final int[] FLOAT16 = {
    0x0000, 0x8000, 0x0001, 0x8001, 0x03ff, 0x0400, 0x3c00, 0xbc00, 0x3555, 0x7bff, 0xfbff
  };
  private static final int[] NOT_FINITE16 = {0x7c00, 0xfc00, 0x7e00, 0x7c01};
  private static final float[] FLOAT32 = {
    0, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, 1, -1, 0.1f, Float.MAX_VALUE
  };
  private static final float[] NOT_FINITE32 = {
    Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN
  };
  private static final double[] FLOAT64 = {
    0, -0d, 1, -1, 0.1, Double.MIN_VALUE, 1e-40, 3.4e38, 1.0000000596046448
  };
  private static final double[] NOT_FLOAT64 = {
    Double.POSITIVE_INFINITY, Double.NaN, 1e39, -1e300, Double.MAX_VALUE
  };

  private Numbers() {}

  static int float16(RandomGenerator random, boolean isGood) {
    if (!isGood) {
      return NOT_FINITE16[random.nextInt(NOT_FINITE16.length)];
    }
    return random.nextBoolean()
        ? FLOAT16[random.nextInt(FLOAT16.length)]
        : (random.nextInt(0x7c00) | (random.nextInt(2) << 15));
  }

  static float fromFloat16(int bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float size;
    if (exponent == 31) {
      size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      size = Math.scalb((float) fraction, -24);
    } else {
      size = Math.scalb((float) (fraction + 1024), exponent - 25);
    }
    return (bits & 0x8000) == 0 ? size : -size;
  }

  static float float32(RandomGenerator random, boolean isGood) {
    if (!isGood) {
      return NOT_FINITE32[random.nextInt(NOT_FINITE32.length)];
    }
    return random.nextBoolean()
        ? FLOAT32[random.nextInt(FLOAT32.length)]
        : random.nextFloat(-1000, 1000);
  }

  static double float64(RandomGenerator random, boolean isGood) {
    if (!isGood) {
      return NOT_FLOAT64[random.nextInt(NOT_FLOAT64.length)];
    }
    return random.nextBoolean()
        ? FLOAT64[random.nextInt(FLOAT64.length)]
        : random.nextDouble(-1000, 1000);
  }
}
