package io.capsdb.embeddings.command;

import io.capsdb.io.Disk;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.nio.file.Path;

/// The file that a command is to write.
final class OutputFile {
  private OutputFile() {}

  /// Makes sure, before the work begins, that there is a folder to put it in.
  ///
  /// @throws UsageException if there is none
  static void requireFolder(Disk disk, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !disk.exists(folder)) {
      throw new UsageException("--output: there is no folder '" + folder + "' for " + file);
    }
  }
}
