package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.RoaringBitmap;

/// Bitmaps as bytes: a length, then RoaringBitmap's portable form; a length of 0 for an empty one.
final class Bitmaps {
  /// Objects and arrays of a bitmap that holds nothing.
  private static final long OBJECT_BYTES = 128;

  /// Those of one container, which is about 65,536 ordinals.
  private static final long CONTAINER_BYTES = 56;

  /// Shared by all that hold nothing; not to be changed.
  static final RoaringBitmap EMPTY = new RoaringBitmap();

  private Bitmaps() {}

  static void write(CheckedWriter out, RoaringBitmap bitmap) {
    byte[] bytes = new byte[bitmap.isEmpty() ? 0 : bitmap.serializedSizeInBytes()];
    if (bytes.length > 0) {
      bitmap.serialize(ByteBuffer.wrap(bytes));
    }
    out.writeBytes(bytes);
  }

  /// @param size all members must be below it
  static RoaringBitmap read(CheckedReader in, int size) {
    byte[] bytes = in.readBytes();
    if (bytes.length == 0) {
      return EMPTY;
    }
    RoaringBitmap bitmap = new RoaringBitmap();
    try {
      bitmap.deserialize(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException | RuntimeException e) {
      throw in.corrupt("a bitmap cannot be read: " + e.getMessage());
    }
    if (!bitmap.validate()) {
      throw in.corrupt("a bitmap contradicts itself");
    }
    if (!bitmap.isEmpty() && Integer.compareUnsigned(bitmap.last(), size) >= 0) {
      throw in.corrupt("a bitmap names ordinal " + bitmap.last() + " of " + size);
    }
    return bitmap;
  }

  /// About the bytes that a bitmap takes in memory; nothing where it is the shared empty one.
  static long bytes(RoaringBitmap bitmap) {
    return bitmap.isEmpty()
        ? 0
        : OBJECT_BYTES
            + CONTAINER_BYTES * bitmap.getContainerCount()
            + bitmap.serializedSizeInBytes();
  }
}
