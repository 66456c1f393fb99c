package io.capsdb.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Reads what [CheckedWriter] wrote and trusts nothing: each length is checked against what is left
/// before anything is allocated for it. Not for more than one thread.
public final class CheckedReader {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final long fileOffset;
  private final MemorySegment bytes;
  private long position;

  /// @param file name for error messages
  /// @param fileOffset where `bytes` begins in that file
  public CheckedReader(String file, long fileOffset, MemorySegment bytes) {
    this.file = file;
    this.fileOffset = fileOffset;
    this.bytes = bytes;
  }

  public long position() {
    return position;
  }

  public long remaining() {
    return bytes.byteSize() - position;
  }

  public byte readByte() {
    return bytes.get(ValueLayout.JAVA_BYTE, take(1));
  }

  public int readInt() {
    return bytes.get(INT, take(4));
  }

  public long readLong() {
    return bytes.get(LONG, take(8));
  }

  public float readFloat() {
    return Float.intBitsToFloat(readInt());
  }

  public double readDouble() {
    return Double.longBitsToDouble(readLong());
  }

  public String readString() {
    return new String(readBytes(), StandardCharsets.UTF_8);
  }

  public byte[] readBytes() {
    int length = readLength(1);
    return bytes.asSlice(take(length), length).toArray(ValueLayout.JAVA_BYTE);
  }

  public int[] readInts() {
    int length = readLength(4);
    return bytes.asSlice(take(4L * length), 4L * length).toArray(INT);
  }

  public long[] readLongs() {
    int length = readLength(8);
    return bytes.asSlice(take(8L * length), 8L * length).toArray(LONG);
  }

  public float[] readFloats() {
    int length = readLength(4);
    return bytes
        .asSlice(take(4L * length), 4L * length)
        .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
  }

  /// A count that is followed by at least `bytesEach` bytes for each item.
  ///
  /// @throws CorruptFileException if it is negative or more than what is left can hold
  public int readLength(int bytesEach) {
    int length = readInt();
    if (length < 0 || (long) length * bytesEach > remaining()) {
      throw corrupt("a length of " + length + " leads beyond the end");
    }
    return length;
  }

  /// An exception that names this file and the byte just read.
  public CorruptFileException corrupt(String message) {
    return new CorruptFileException(file, fileOffset + position, message);
  }

  private long take(long count) {
    if (count > remaining()) {
      throw corrupt("the part ends " + (count - remaining()) + " bytes early");
    }
    long at = position;
    position += count;
    return at;
  }
}
