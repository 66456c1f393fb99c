package io.capsdb.formats;

import java.nio.ByteBuffer;

/// The types of numbers that vector files hold, and how each becomes a float32.
enum Element {
  INT8(1),
  UINT8(1),
  FLOAT16(2),
  FLOAT32(4),
  FLOAT64(8);

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /// Reads `count` numbers from the buffer, in its byte order.
  float[] read(ByteBuffer in, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (this) {
            case INT8 -> in.get();
            case UINT8 -> in.get() & 0xff;
            case FLOAT16 -> Float.float16ToFloat(in.getShort());
            case FLOAT32 -> in.getFloat();
            case FLOAT64 -> (float) in.getDouble();
          };
    }
    return values;
  }
}
