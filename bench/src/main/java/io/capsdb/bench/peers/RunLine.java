package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.io.Disk;
import io.capsdb.vector.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The first line of a run: what was run, on which data, by which machine.
final class RunLine {
  private static final Path CPU = Path.of("/proc/cpuinfo");

  private RunLine() {}

  static Map<String, Object> of(Disk disk, DataSet set, PeersOptions options, String[] args)
      throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("run", true);
    line.put("dataset", set.name());
    line.put("about", set.about());
    line.put("generated", set.isGenerated());
    line.put("rows", set.rowCount());
    line.put("dimension", set.dimension());
    line.put("metric", set.metric().name().toLowerCase(Locale.ROOT));
    line.put("k", options.k());
    line.put("threads", options.threads());
    line.put("commit", System.getProperty("bench.commit", "unknown"));
    line.put("command", command(args));
    line.put("machine", machine(disk));
    return line;
  }

  /// As it was typed, without the folders of this machine.
  private static String command(String[] args) {
    StringBuilder command = new StringBuilder("bench/run peers");
    for (int i = 0; i + 1 < args.length; i += 2) {
      boolean isPath = args[i].equals("--data") || args[i].equals("--json");
      Path name = isPath ? Path.of(args[i + 1]).getFileName() : null;
      command.append(' ').append(args[i]).append(' ').append(name == null ? args[i + 1] : name);
    }
    return command.toString();
  }

  private static String machine(Disk disk) throws IOException {
    return String.format(
        Locale.ROOT,
        "%d cores, %s, Java %s, %s kernels",
        Runtime.getRuntime().availableProcessors(),
        processor(disk),
        Runtime.version(),
        Kernels.best().name());
  }

  /// The model as Linux tells it; the architecture where there is no such file.
  private static String processor(Disk disk) throws IOException {
    if (disk.exists(CPU)) {
      try (InputStream in = disk.read(CPU)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        for (String line : text.split("\n", -1)) {
          if (line.startsWith("model name")) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      }
    }
    return System.getProperty("os.arch");
  }
}
