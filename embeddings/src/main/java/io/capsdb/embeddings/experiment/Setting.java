package io.capsdb.embeddings.experiment;

import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What an experiment gets from outside.
///
/// @param data the folder of the data sets; the short forms do without
/// @param isShort whether it is to be over in seconds, on the data that comes with the program
public record Setting(Disk disk, LongSupplier nanoClock, Optional<Path> data, boolean isShort) {

  /// A file of the data sets.
  ///
  /// @throws FormatException if the folder was not given or lacks it
  Path file(String name) throws IOException {
    if (data.isEmpty()) {
      throw new FormatException(name, "file", "the full form needs a folder of data sets (--data)");
    }
    Path file = data.get().resolve(name);
    if (!disk.exists(file)) {
      throw new FormatException(String.valueOf(file), "file", "there is no such file");
    }
    return file;
  }

  /// Seeds that a method is run with.
  int seeds(int full) {
    return isShort ? Math.min(3, full) : full;
  }
}
