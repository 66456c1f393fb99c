package io.capsdb.embeddings.experiment;

import io.capsdb.io.Disk;
import java.nio.file.Path;
import java.util.Optional;

final class ExperimentRuns {
  private ExperimentRuns() {}

  static Setting shortForm() {
    return new Setting(Disk.local(), System::nanoTime, Optional.empty(), true);
  }

  /// The full form, on the data sets that `-Dcapsdb.data` names.
  static Optional<Setting> fullForm() {
    String folder = System.getProperty("capsdb.data", "");
    return folder.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Setting(Disk.local(), System::nanoTime, Optional.of(Path.of(folder)), false));
  }
}
