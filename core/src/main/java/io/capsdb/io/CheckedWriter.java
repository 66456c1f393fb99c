package io.capsdb.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Collects little-endian bytes in memory: what an index or a table writes of itself, and records
/// of a log. Holds at most 2 GiB. Not for more than one thread.
public final class CheckedWriter {
  private static final int FIRST = 64;
  private static final int MOST = Integer.MAX_VALUE - 8; // of a byte array

  private ByteBuffer bytes = allocate(FIRST);

  private static ByteBuffer allocate(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// What is collected, with room for so many bytes more.
  private ByteBuffer room(long more) {
    if (bytes.remaining() < more) {
      long needed = bytes.position() + more;
      if (needed > MOST) {
        throw new IllegalStateException(needed + " bytes are more than " + MOST);
      }
      ByteBuffer larger = allocate((int) Math.clamp(2L * bytes.capacity(), needed, MOST));
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }

  public void writeByte(int value) {
    room(1).put((byte) value);
  }

  public void writeInt(int value) {
    room(4).putInt(value);
  }

  public void writeLong(long value) {
    room(8).putLong(value);
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
    room(value.length).put(value);
  }

  /// Length, then the values.
  public void writeInts(int[] values) {
    writeInt(values.length);
    room(4L * values.length).asIntBuffer().put(values);
    skip(4 * values.length);
  }

  /// Length, then the values.
  public void writeLongs(long[] values) {
    writeInt(values.length);
    room(8L * values.length).asLongBuffer().put(values);
    skip(8 * values.length);
  }

  /// Length, then the values, bit by bit as they are.
  public void writeFloats(float[] values) {
    writeInt(values.length);
    room(4L * values.length).asFloatBuffer().put(values);
    skip(4 * values.length);
  }

  private void skip(int written) {
    bytes.position(bytes.position() + written);
  }

  public int size() {
    return bytes.position();
  }

  public byte[] toByteArray() {
    byte[] all = new byte[size()];
    bytes.get(0, all);
    return all;
  }
}
