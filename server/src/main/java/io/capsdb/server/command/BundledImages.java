package io.capsdb.server.command;

import io.capsdb.formats.RowSource;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;

/// The images that come with the program, each with its attributes: a sample of Fashion-MNIST.
public final class BundledImages {
  private static final Path FOLDER = Path.of("sample").toAbsolutePath();

  private BundledImages() {}

  /// The rows in their order: 784 pixels, and a payload with `label`, `name` and more.
  public static RowSource open() throws IOException {
    Disk memory = new MemoryDisk();
    memory.createFolders(FOLDER);
    return Sample.unpack(memory, FOLDER).rows();
  }
}
