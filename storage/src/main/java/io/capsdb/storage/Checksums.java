package io.capsdb.storage;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC32C, the checksum of all our files.
final class Checksums {
  private static final long PIECE = 64L << 20;

  private Checksums() {}

  static int of(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  static int of(MemorySegment segment) {
    CRC32C crc = new CRC32C();
    update(crc, segment);
    return (int) crc.getValue();
  }

  /// Goes on with the bytes of a segment.
  static void update(CRC32C crc, MemorySegment segment) {
    for (long from = 0; from < segment.byteSize(); from += PIECE) {
      crc.update(segment.asSlice(from, Math.min(PIECE, segment.byteSize() - from)).asByteBuffer());
    }
  }

  /// Of the four bytes of a number.
  static int of(int value) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(4).putInt(0, value));
    return (int) crc.getValue();
  }
}
