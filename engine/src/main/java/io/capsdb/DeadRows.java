package io.capsdb;

import io.capsdb.io.CorruptFileException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.RoaringBitmap;

/// The dead rows of a segment as the manifest keeps them: RoaringBitmap's portable form.
final class DeadRows {
  private DeadRows() {}

  static byte[] write(RoaringBitmap dead) {
    byte[] bytes = new byte[dead.serializedSizeInBytes()];
    dead.serialize(ByteBuffer.wrap(bytes));
    return bytes;
  }

  static RoaringBitmap read(byte[] bytes, int rowCount) {
    RoaringBitmap dead = new RoaringBitmap();
    try {
      dead.deserialize(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new CorruptFileException("manifest", 0, "dead rows cannot be read: " + e.getMessage());
    }
    if (!dead.isEmpty() && dead.last() >= rowCount) {
      throw new CorruptFileException("manifest", 0, "dead row " + dead.last() + " of " + rowCount);
    }
    return dead;
  }
}
