package io.capsdb;

import io.capsdb.io.Disk;
import io.capsdb.io.NoRoomException;
import java.io.IOException;
import java.nio.file.Path;

/// What new things leave free of a disk, so that deletes and what makes room go on where nothing
/// else does.
///
/// @param bytes that are kept
record Reserve(Disk disk, long bytes) {
  static Reserve of(DatabaseOptions options) {
    return new Reserve(options.disk(), options.reserveBytes());
  }

  /// Whether so many bytes more leave the reserve as it is. Where the disk does not tell what is
  /// free, they do: the write itself tells.
  ///
  /// @param folder on the disk
  boolean has(Path folder, long needed) {
    return free(folder) - needed >= bytes;
  }

  /// @throws NoRoomException if so many bytes more would take of the reserve
  void require(Path folder, long needed) throws NoRoomException {
    long free = free(folder);
    if (free - needed < bytes) {
      throw new NoRoomException(
          free + " bytes of the disk are free, " + bytes + " of them are kept for deletes");
    }
  }

  private long free(Path folder) {
    try {
      return disk.free(folder);
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}
