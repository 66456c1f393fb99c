package io.capsdb.embeddings.command;

import io.capsdb.io.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/// The most memory that this process has had in use, PyTorch's included, as Linux tells it.
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String KEY = "VmHWM:";

  private PeakMemory() {}

  /// As the end of a sentence, `; at most 512 MiB in use`; empty where the system does not tell.
  static String inWords(Disk disk) {
    try {
      if (!disk.exists(STATUS)) {
        return "";
      }
      try (InputStream in = disk.read(STATUS)) {
        String status = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return status
            .lines()
            .filter(line -> line.startsWith(KEY) && line.endsWith(" kB"))
            .map(line -> line.substring(KEY.length(), line.length() - 3).strip())
            .map(kib -> String.format(Locale.ROOT, "; at most %d MiB in use", mebibytes(kib)))
            .findFirst()
            .orElse("");
      }
    } catch (IOException | NumberFormatException e) {
      return ""; // a figure, not a result
    }
  }

  private static long mebibytes(String kibibytes) {
    return (Long.parseLong(kibibytes) + 1_023) / 1_024;
  }
}
