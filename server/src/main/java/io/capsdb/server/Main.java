package io.capsdb.server;

import io.capsdb.io.Disk;
import io.capsdb.server.command.Commands;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.Screen;
import io.capsdb.server.command.StopSignal;
import java.io.Console;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Where the program `capsdb` begins, and the one place of it that knows the system's clock, random
/// numbers, output and signals; the commands are handed them.
public final class Main {
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  /// The library that reads HDF5 tells of every file that it opens; what is wrong with one is told
  /// by our own messages. Held, because a logger that nobody holds forgets its level.
  private static final Logger HDF = Logger.getLogger("io.jhdf");

  private Main() {}

  public static void main(String[] args) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%4$s %5$s%6$s%n");
    }
    HDF.setLevel(Level.OFF);
    StopSignal stop = new StopSignal(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(new Thread(stop::askAndWait, "capsdb-stop"));
    int status = Commands.run(machine(stop), args);
    stop.finish();
    System.exit(status);
  }

  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where no terminal is
  private static Machine machine(StopSignal stop) {
    Console console = System.console();
    boolean isTerminal = console != null && console.isTerminal();
    String kind = System.getenv().getOrDefault("TERM", "dumb").toLowerCase(Locale.ROOT);
    boolean isColourful =
        isTerminal && kind.contains("256") && !System.getenv().containsKey("NO_COLOR");
    return new Machine(
        Disk.local(),
        System::nanoTime,
        new SecureRandom(),
        Thread::sleep,
        new Screen(System.out, System.err, isTerminal, isColourful),
        stop,
        Path.of(System.getProperty("java.io.tmpdir")),
        Version.read());
  }
}
