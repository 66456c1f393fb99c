package io.capsdb.server.command;

import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HexFormat;

/// A new folder that is deleted with all that is in it when it is closed.
final class TemporaryFolder implements AutoCloseable {
  private static final int NAME_BYTES = 8;

  private final Disk disk;
  private final Path path;

  private TemporaryFolder(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  static TemporaryFolder create(Machine machine, String prefix) throws IOException {
    byte[] name = new byte[NAME_BYTES];
    machine.random().nextBytes(name);
    Path path = machine.temporary().resolve(prefix + HexFormat.of().formatHex(name));
    if (machine.disk().exists(path)) {
      throw new IOException(path + " exists already");
    }
    machine.disk().createFolders(path);
    return new TemporaryFolder(machine.disk(), path);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    delete(path);
  }

  private void delete(Path place) throws IOException {
    try {
      for (String name : disk.list(place)) {
        delete(place.resolve(name));
      }
    } catch (NotDirectoryException _) {
      // A file: nothing is in it.
    }
    disk.delete(place);
  }
}
