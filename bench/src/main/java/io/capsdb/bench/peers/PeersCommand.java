package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.TruthFiles;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures engines on a data set, each in a JVM of its own, one after the other.
///
/// Computes first what the engines are held against, so that drivers in other languages find it
/// too. An engine that fails becomes a line that says so, and the others still run.
public final class PeersCommand {
  private PeersCommand() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    PeersOptions options = PeersOptions.parse(List.of(args));
    Disk disk = Disk.local();
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(disk, options.data()).read(arena);
      TruthFiles truths = new TruthFiles(disk, options.data());
      for (String workload :
          options.workloads().isEmpty() ? set.workloads().keySet() : options.workloads()) {
        truths.get(set, workload, options.k());
      }
      try (ResultLines lines = ResultLines.open(disk, options.json())) {
        lines.write(RunLine.of(disk, set, options, args));
      }
    }
    List<String> others =
        options.engines().stream().filter(name -> !Engines.names().contains(name)).toList();
    if (!others.isEmpty()) {
      System.err.println("peers: leaves " + others + " to other drivers, has " + Engines.names());
    }
    for (String engine : Engines.asked(options.engines())) {
      System.err.println("peers: " + engine);
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElse("java"));
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(EngineRun.class.getName());
      command.addAll(options.withEngine(engine));
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        System.err.println("peers: " + engine + " skipped, it ended with status " + status);
        try (ResultLines lines = ResultLines.open(disk, options.json())) {
          Map<String, Object> line = new LinkedHashMap<>();
          line.put("engine", engine);
          line.put("skipped", "it ended with status " + status);
          lines.write(line);
        }
      }
    }
  }
}
