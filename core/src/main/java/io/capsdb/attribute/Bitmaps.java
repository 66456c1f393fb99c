package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.RoaringBitmap;

/// Bitmaps as bytes: a length, then RoaringBitmap's portable form.
final class Bitmaps {
  private Bitmaps() {}

  static void write(CheckedWriter out, RoaringBitmap bitmap) {
    byte[] bytes = new byte[bitmap.serializedSizeInBytes()];
    bitmap.serialize(ByteBuffer.wrap(bytes));
    out.writeBytes(bytes);
  }

  /// @param size all members must be below it
  static RoaringBitmap read(CheckedReader in, int size) {
    byte[] bytes = in.readBytes();
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
}
