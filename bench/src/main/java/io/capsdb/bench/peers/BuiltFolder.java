package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.io.Disk;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// Where engines keep their files: `built/` beside the data set, one folder for each engine and
/// state of the data. What costs long to build is found again there by a later run.
final class BuiltFolder {
  private static final long CHUNK = 1 << 30;

  private final Disk disk;
  private final Path folder;
  private final String fingerprint;

  private BuiltFolder(Disk disk, Path folder, String fingerprint) {
    this.disk = disk;
    this.folder = folder;
    this.fingerprint = fingerprint;
  }

  /// @param data the folder of the data set
  static BuiltFolder of(Disk disk, Path data, DataSet set) throws IOException {
    Path folder = data.resolve("built");
    disk.createFolders(folder);
    return new BuiltFolder(disk, folder, fingerprint(set));
  }

  Disk disk() {
    return disk;
  }

  /// The folder of an engine for this state of the data; it may not be there yet.
  Path of(String engine) {
    return folder.resolve(engine + "-" + fingerprint);
  }

  boolean exists(Path path) throws IOException {
    return disk.exists(path);
  }

  /// Bytes of all files in a folder and those below.
  static long bytes(Disk disk, Path path) throws IOException {
    long sum = 0;
    try {
      for (String name : disk.list(path)) {
        sum += bytes(disk, path.resolve(name));
      }
      return sum;
    } catch (NotDirectoryException e) {
      return disk.size(path);
    }
  }

  /// Deletes a folder with all that is in it; fine when it is missing.
  static void delete(Disk disk, Path path) throws IOException {
    if (disk.exists(path)) {
      try {
        for (String name : disk.list(path)) {
          delete(disk, path.resolve(name));
        }
      } catch (NotDirectoryException e) {
        // A file, which is deleted as it is.
      }
      disk.delete(path);
    }
  }

  /// Differs where rows or attributes differ.
  private static String fingerprint(DataSet set) {
    CRC32C sum = new CRC32C();
    VectorMatrix rows = set.rows();
    MemorySegment bytes = rows.segment().asSlice(0, rows.offset(rows.rowCount()));
    for (long from = 0; from < bytes.byteSize(); from += CHUNK) {
      sum.update(bytes.asSlice(from, Math.min(CHUNK, bytes.byteSize() - from)).asByteBuffer());
    }
    for (int[] column : set.columns()) {
      sum.update(java.util.Arrays.hashCode(column));
    }
    return Long.toHexString(sum.getValue());
  }
}
