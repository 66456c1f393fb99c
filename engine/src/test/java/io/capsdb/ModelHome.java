package io.capsdb;

import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Where the database of a model test is, and what happens to it there.
interface ModelHome extends AutoCloseable {
  Database open();

  /// Another database, of what is there at this moment.
  Database openCopy(RandomGenerator random) throws IOException;

  /// Ends a database, well or not, and opens it again.
  Database openAgain(Database database, RandomGenerator random) throws IOException;

  /// Lets time pass between two operations.
  default void pass(RandomGenerator random) {}

  /// Deletes what is there.
  @Override
  void close() throws IOException;

  /// A simulated machine: its disk, its clock, and its background. Sometimes it loses its power
  /// instead of closing.
  final class Simulated implements ModelHome {
    private static final Path FOLDER = Path.of("/data");
    private static final List<Unforced> OUTCOMES = List.of(Unforced.values());

    private final DatabaseOptions options;
    private final SteppedBackground background;
    private FaultyDisk disk = new FaultyDisk();

    Simulated(DatabaseOptions options, SteppedBackground background) {
      this.options = options.withBackground(background).withNanoClock(background);
      this.background = background;
    }

    @Override
    public Database open() {
      return Database.open(FOLDER, options.withDisk(disk));
    }

    @Override
    public void pass(RandomGenerator random) {
      background.pass(random.nextInt(2 * options.idleMillis()));
      for (int turns = random.nextInt(6); turns > 0; turns--) {
        background.step();
      }
    }

    @Override
    public Database openCopy(RandomGenerator random) throws IOException {
      MemoryDisk copy = disk.afterCrash(any(random), random);
      return Database.open(FOLDER, options.withDisk(copy).withReadOnly(random.nextBoolean()));
    }

    @Override
    public Database openAgain(Database database, RandomGenerator random) throws IOException {
      if (random.nextBoolean()) {
        database.close();
      } else {
        MemoryDisk left = disk.afterCrash(any(random), random);
        database.close(); // on the disk that is gone
        disk = FaultyDisk.over(left, FOLDER);
      }
      return open();
    }

    private static Unforced any(RandomGenerator random) {
      return OUTCOMES.get(random.nextInt(OUTCOMES.size()));
    }

    @Override
    public void close() {}
  }

  /// Files, with ids off the heap where the options ask for it.
  final class OnFiles implements ModelHome {
    private final Path place;
    private final DatabaseOptions options;
    private int copies;

    OnFiles(Path place, DatabaseOptions options) {
      this.place = place;
      this.options = options;
    }

    @Override
    public Database open() {
      return Database.open(place.resolve("own"), options);
    }

    @Override
    public Database openCopy(RandomGenerator random) throws IOException {
      Path copy = place.resolve("copy-" + copies++);
      copy(place.resolve("own"), copy);
      return random.nextBoolean()
          ? Database.openReadOnly(copy)
          : Database.open(copy, DatabaseOptions.defaults().withMeasuredCosts(false));
    }

    @Override
    public Database openAgain(Database database, RandomGenerator random) {
      database.close();
      return open();
    }

    /// Copies a folder in which files come and go, until the copy is of one moment.
    private static void copy(Path from, Path to) throws IOException {
      Files.createDirectories(to);
      while (true) {
        try {
          List<Path> before = files(from);
          for (Path file : before) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.write(target, Files.readAllBytes(file));
          }
          if (files(from).equals(before)) {
            return;
          }
        } catch (NoSuchFileException e) {
          // A merge deleted it: once more.
        }
        for (Path file : files(to)) {
          Files.delete(file);
        }
      }
    }

    private static List<Path> files(Path folder) throws IOException {
      try (Stream<Path> all = Files.walk(folder)) {
        return all.filter(Files::isRegularFile).sorted().toList();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    @Override
    public void close() throws IOException {
      try (Stream<Path> all = Files.walk(place)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
