package io.capsdb.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process of its own.
@Timeout(120)
class MainTest {
  @TempDir Path folder;

  /// The library that reads HDF5 logs each file that it opens, and whatever in it surprises it.
  @Test
  void whatALibraryLogsIsNotPrinted() throws Exception {
    Path file = folder.resolve("set.hdf5");
    try (WritableHdfFile out = HdfFile.write(file)) {
      out.putDataset("train", new float[][] {{1, 2}, {3, 4}, {5, 6}});
      out.putDataset("test", new float[][] {{1, 1}});
      out.putAttribute("distance", "euclidean");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.capsdb.server.Main", "evaluate", "--dataset", file.toString()));
    command.addAll(List.of("--indexes", "caps,exact", "--k", "1"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    assertThat(printed)
        .contains("set.hdf5: 3 points, 2 dimensions, euclid")
        .doesNotContain("HDF5 file", "buffer", "Lazy");
  }
}
