package io.capsdb.embeddings.binary;

import io.capsdb.io.Disk;
import io.capsdb.vector.BinaryProjection;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// Looks for a projection in the files of a database.
public final class StoredProjection {
  private StoredProjection() {}

  /// Whether some file holds the beginning of the matrix.
  public static boolean isIn(Disk disk, Path folder, BinaryProjection projection) throws Exception {
    ByteBuffer wanted = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 16; i++) {
      wanted.putFloat(projection.matrix()[i]);
    }
    String pattern = new String(wanted.array(), java.nio.charset.StandardCharsets.ISO_8859_1);
    for (String name : disk.list(folder)) {
      Path path = folder.resolve(name);
      try (InputStream in = disk.read(path)) {
        String bytes = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        if (bytes.contains(pattern)) {
          return true;
        }
      } catch (java.io.IOException e) {
        if (isIn(disk, path, projection)) {
          return true;
        }
      }
    }
    return false;
  }
}
