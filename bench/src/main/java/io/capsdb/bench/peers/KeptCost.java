package io.capsdb.bench.peers;

import io.capsdb.formats.FileOutput;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// What it cost to build files that stay for a later run; kept in a file beside them, whose
/// presence tells that they are whole.
///
/// @param cpuSeconds processor time of all threads
record KeptCost(double cpuSeconds, double wallSeconds) {
  private static final String SUFFIX = ".cost";

  /// The cost of files that are whole. Files that an earlier, broken run left are deleted.
  static Optional<KeptCost> find(BuiltFolder folder, Engine engine) throws IOException {
    Optional<Path> kept = engine.kept(folder);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(kept.get());
    if (!folder.exists(file)) {
      BuiltFolder.delete(folder.disk(), kept.get());
      return Optional.empty();
    }
    try (InputStream in = folder.disk().read(file)) {
      String[] seconds =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split(" ", -1);
      return Optional.of(
          new KeptCost(Double.parseDouble(seconds[0]), Double.parseDouble(seconds[1])));
    }
  }

  /// Writes the cost beside files that stay, if they do.
  void keep(BuiltFolder folder, Engine engine) throws IOException {
    Optional<Path> kept = engine.kept(folder);
    if (kept.isPresent()) {
      Disk disk = folder.disk();
      try (FileOutput out = FileOutput.create(disk, file(kept.get()))) {
        out.write((cpuSeconds + " " + wallSeconds).getBytes(StandardCharsets.UTF_8));
        out.commit();
      }
    }
  }

  private static Path file(Path files) {
    return files.resolveSibling(files.getFileName() + SUFFIX);
  }
}
