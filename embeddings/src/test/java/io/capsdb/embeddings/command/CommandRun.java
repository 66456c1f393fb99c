package io.capsdb.embeddings.command;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.server.command.Commands;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.Screen;
import io.capsdb.server.command.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Runs commands on a disk in memory and keeps what they print.
final class CommandRun {
  static final Path FOLDER = Path.of("files").toAbsolutePath();

  final Disk disk;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Machine machine;

  CommandRun() throws IOException {
    this(new MemoryDisk());
    disk.createFolders(FOLDER);
  }

  /// Runs commands on the disk of another one.
  CommandRun(Disk disk) {
    this.disk = disk;
    this.machine =
        new Machine(
            disk,
            System::nanoTime,
            new SplittableRandom(1),
            Thread::sleep,
            new Screen(stream(out), stream(err), false, false),
            new StopSignal(Thread.currentThread()),
            FOLDER,
            "1.2.3");
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  int run(String... args) {
    out.reset();
    err.reset();
    return Commands.run(machine, args);
  }

  /// Runs a command that ends when it is asked to, from another thread, by [#stop].
  int runUntilStopped(String... args) {
    int status = run(args);
    machine.stop().finish();
    return status;
  }

  void stop() {
    machine.stop().askAndWait();
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /// Writes a file and answers its path.
  String file(String name, byte[] bytes) throws IOException {
    Path file = FOLDER.resolve(name);
    disk.delete(file);
    try (Disk.AppendFile written = disk.create(file)) {
      written.write(ByteBuffer.wrap(bytes));
    }
    return file.toString();
  }

  String file(String name, String text) throws IOException {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes(String name) throws IOException {
    try (InputStream in = disk.read(FOLDER.resolve(name))) {
      return in.readAllBytes();
    }
  }

  static String path(String name) {
    return FOLDER.resolve(name).toString();
  }
}
