package io.capsdb.io;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Collects little-endian bytes of a part in memory: what an index or a table writes of itself.
/// Large blocks (vectors) do not go through here. Not for more than one thread.
public final class CheckedWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ByteBuffer scratch = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  public void writeByte(int value) {
    bytes.write(value);
  }

  public void writeInt(int value) {
    scratch.putInt(0, value);
    bytes.write(scratch.array(), 0, 4);
  }

  public void writeLong(long value) {
    scratch.putLong(0, value);
    bytes.write(scratch.array(), 0, 8);
  }

  public void writeFloat(float value) {
    writeInt(Float.floatToRawIntBits(value));
  }

  public void writeDouble(double value) {
    writeLong(Double.doubleToRawLongBits(value));
  }

  /// Length in bytes, then UTF-8.
  public void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /// Length, then the bytes.
  public void writeBytes(byte[] value) {
    writeInt(value.length);
    bytes.writeBytes(value);
  }

  /// Length, then the values.
  public void writeInts(int[] values) {
    writeInt(values.length);
    byte[] raw = new byte[4 * values.length];
    MemorySegment.copy(
        values,
        0,
        MemorySegment.ofArray(raw),
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
        0,
        values.length);
    bytes.writeBytes(raw);
  }

  /// Length, then the values.
  public void writeLongs(long[] values) {
    writeInt(values.length);
    for (long value : values) {
      writeLong(value);
    }
  }

  /// Length, then the values.
  public void writeFloats(float[] values) {
    writeInt(values.length);
    for (float value : values) {
      writeFloat(value);
    }
  }

  public int size() {
    return bytes.size();
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
