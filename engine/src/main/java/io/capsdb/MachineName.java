package io.capsdb;

import io.capsdb.io.Disk;
import io.capsdb.vector.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Tells machines apart whose searches cost differently: by processor, kernels and Java version.
final class MachineName {
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final int MOST_BYTES = 1 << 16;

  private MachineName() {}

  /// The name of this machine, as far as the disk tells it.
  static String of(Disk disk) {
    return String.join(
        "; ",
        System.getProperty("os.arch", ""),
        processor(disk),
        String.valueOf(Runtime.getRuntime().availableProcessors()),
        Kernels.best().name(),
        Runtime.version().toString());
  }

  /// The model as Linux tells it; empty elsewhere.
  private static String processor(Disk disk) {
    try {
      if (!disk.exists(CPU)) {
        return "";
      }
      try (InputStream in = disk.read(CPU)) {
        String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII);
        return text.lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("");
      }
    } catch (IOException e) {
      return "";
    }
  }
}
