package io.capsdb.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTest extends DiskContract {
  @Override
  protected Disk disk() {
    return Disk.local();
  }

  @Test
  void lockKeepsAnotherProcessOut(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("LOCK");
    try (Closeable _ = Disk.local().lock(path)) {
      assertThat(lockElsewhere(path)).contains("is locked by another process");
    }
    assertThat(lockElsewhere(path)).isEqualTo("locked\n");
  }

  @Test
  void worksWithoutAnyFlagAndWithoutAWarning(@TempDir Path folder) throws Exception {
    assertThat(run(Mapping.class, folder.resolve("file"))).isEqualTo("true 5\n");
  }

  private static String lockElsewhere(Path path) throws IOException, InterruptedException {
    return run(Locking.class, path);
  }

  /// Output and errors of a new JVM that has no flags.
  private static String run(Class<?> main, Path path) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                path.toString())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  /// Takes a lock and says so.
  static final class Locking {
    private Locking() {}

    public static void main(String[] args) {
      try (Closeable _ = Disk.local().lock(Path.of(args[0]))) {
        System.out.print("locked\n");
      } catch (IOException e) {
        System.out.print(e.getMessage() + "\n");
      }
    }
  }

  /// Writes and maps a file.
  static final class Mapping {
    private Mapping() {}

    public static void main(String[] args) throws IOException {
      Path path = Path.of(args[0]);
      try (Disk.AppendFile out = Disk.local().create(path)) {
        out.write(java.nio.ByteBuffer.allocate(5));
      }
      try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofShared()) {
        java.lang.foreign.MemorySegment mapped = Disk.local().map(path, arena);
        System.out.print(mapped.isNative() + " " + mapped.byteSize() + "\n");
      }
      MemoryDisk memory = new MemoryDisk();
      memory.createFolders(path.resolveSibling(""));
      memory.create(path).close();
      memory.map(path, java.lang.foreign.Arena.ofAuto());
    }
  }
}
