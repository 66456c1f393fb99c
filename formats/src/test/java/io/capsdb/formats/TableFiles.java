package io.capsdb.formats;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The files of `make.py`.
final class TableFiles {
  private TableFiles() {}

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(TableFiles.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }

  static RowSource open(String name, byte[] bytes) throws IOException {
    Disk disk = new MemoryDisk();
    Path file = Path.of("/files", name);
    disk.createFolders(Path.of("/files"));
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
    }
    return RowSources.open(disk, file);
  }

  static List<RowSource.Row> read(String name, byte[] bytes) throws IOException {
    List<RowSource.Row> all = new ArrayList<>();
    try (RowSource rows = open(name, bytes)) {
      for (Optional<RowSource.Row> row = rows.next(); row.isPresent(); row = rows.next()) {
        all.add(row.get());
      }
    }
    return all;
  }
}
