package io.capsdb.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// What the values of stored vectors are. In memory and in files they are little-endian.
///
/// | type | bytes | holds |
/// |---|---|---|
/// | `FLOAT32` | 4 | finite floats |
/// | `FLOAT16` | 2 | floats of 11 significant bits from -65504 to 65504, in the format binary16 |
/// | `UINT8` | 1 | whole numbers from 0 to 255 |
public enum ElementType {
  FLOAT32("float32", Float.BYTES, -Float.MAX_VALUE, Float.MAX_VALUE),
  FLOAT16("float16", Short.BYTES, -65_504, 65_504),
  UINT8("uint8", 1, 0, 255);

  /// Little-endian without an alignment demand, as [Floats#LITTLE_ENDIAN].
  static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String apiName;
  private final int bytes;
  private final float least;
  private final float most;

  ElementType(String apiName, int bytes, float least, float most) {
    this.apiName = apiName;
    this.bytes = bytes;
    this.least = least;
    this.most = most;
  }

  /// As the API calls it.
  public String apiName() {
    return apiName;
  }

  /// Bytes of one value.
  public int bytes() {
    return bytes;
  }

  /// The vector of this type that is nearest to a vector of finite values; of two as near, values
  /// with an even last bit. Returns the given array where all its values are of the type.
  ///
  /// @throws IllegalArgumentException naming a value that the type does not hold, and its bounds
  public float[] round(float[] vector) {
    if (this == FLOAT32) {
      return vector;
    }
    float[] rounded = new float[vector.length];
    boolean isSame = true;
    for (int i = 0; i < vector.length; i++) {
      float value = vector[i];
      if (!(value >= least && value <= most)) {
        throw new IllegalArgumentException(
            "vector[%d] is %s, a value of type %s must be in %d..%d"
                .formatted(i, value, apiName, (int) least, (int) most));
      }
      rounded[i] = this == UINT8 ? (int) Math.rint(value) : roundToHalf(value);
      isSame &= rounded[i] == value;
    }
    return isSame ? vector : rounded;
  }

  private static float roundToHalf(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  /// Reads a row.
  void read(MemorySegment rows, long offset, float[] into, int count) {
    switch (this) {
      case FLOAT32 -> MemorySegment.copy(rows, Floats.LITTLE_ENDIAN, offset, into, 0, count);
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = half(rows, offset + 2L * i);
        }
      }
      case UINT8 -> {
        for (int i = 0; i < count; i++) {
          into[i] = unsigned(rows, offset + i);
        }
      }
    }
  }

  /// Writes a row of values of this type.
  void write(float[] row, MemorySegment rows, long offset) {
    switch (this) {
      case FLOAT32 -> MemorySegment.copy(row, 0, rows, Floats.LITTLE_ENDIAN, offset, row.length);
      case FLOAT16 -> {
        for (int i = 0; i < row.length; i++) {
          rows.set(HALF, offset + 2L * i, Float.floatToFloat16(row[i]));
        }
      }
      case UINT8 -> {
        for (int i = 0; i < row.length; i++) {
          rows.set(ValueLayout.JAVA_BYTE, offset + i, (byte) (int) row[i]);
        }
      }
    }
  }

  static float half(MemorySegment rows, long offset) {
    return Float.float16ToFloat(rows.get(HALF, offset));
  }

  static float unsigned(MemorySegment rows, long offset) {
    return rows.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }
}
