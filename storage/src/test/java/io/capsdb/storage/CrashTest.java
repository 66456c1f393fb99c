package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.io.MemoryDisk;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Log, containers and manifest together, as the engine uses them, stopped at every operation.
class CrashTest {
  private static final Path FOLDER = Path.of("/data/collection");
  private static final long IDENTITY = 77;
  private static final Path MANIFEST = FOLDER.resolve("manifest");

  private static final List<Unforced> OUTCOMES = List.of(Unforced.values());

  /// Batches go to the log; now and then all since the last time go to a container.
  private static final class Store implements AutoCloseable {
    private final Disk disk;
    private final List<LogRecord> all = new ArrayList<>();
    private final List<LogRecord> unsealed = new ArrayList<>();
    private final WriteAheadLog log;
    private Manifest manifest;

    Store(Disk disk) throws IOException {
      this.disk = disk;
      disk.createFolders(FOLDER);
      this.manifest = Manifest.read(disk, MANIFEST);
      for (Manifest.SegmentEntry entry : manifest.segments()) {
        try (SegmentContainer in =
            SegmentContainer.open(disk, path(entry.number()), entry.number())) {
          CheckedReader reader = in.reader("batches");
          for (int i = reader.readInt(); i > 0; i--) {
            all.add(LogRecord.read(reader));
          }
        }
      }
      for (String name : disk.list(FOLDER)) {
        boolean isNamed =
            manifest.segments().stream().anyMatch(entry -> path(entry.number()).endsWith(name));
        if (name.endsWith(".tmp") || (name.startsWith("segment-") && !isNamed)) {
          disk.delete(FOLDER.resolve(name));
        }
      }
      this.log =
          WriteAheadLog.open(
              disk,
              FOLDER,
              IDENTITY,
              manifest.firstLog(),
              record -> {
                all.add(record);
                unsealed.add(record);
              });
    }

    void write(LogRecord record) throws IOException {
      log.append(record);
      all.add(record);
      unsealed.add(record);
    }

    void seal() throws IOException {
      long firstLog = log.roll();
      long number = manifest.nextSegment();
      CheckedWriter batches = new CheckedWriter();
      batches.writeInt(unsealed.size());
      CheckedWriter other = new CheckedWriter();
      other.writeLong(number);
      try (SegmentContainer.Writer out = SegmentContainer.create(disk, path(number), number)) {
        out.part("other", other);
        out.part(
            "batches",
            sink -> {
              sink.write(java.nio.ByteBuffer.wrap(batches.toByteArray()));
              for (LogRecord record : unsealed) {
                sink.write(java.nio.ByteBuffer.wrap(record.toBytes()));
              }
            });
        out.commit();
      }
      List<Manifest.SegmentEntry> segments = new ArrayList<>(manifest.segments());
      segments.add(
          new Manifest.SegmentEntry(number, OptionalInt.empty(), new byte[0], new byte[0]));
      manifest = new Manifest(IDENTITY, all.size(), number + 1, firstLog, segments);
      manifest.write(disk, MANIFEST);
      unsealed.clear();
      log.dropBefore(firstLog);
    }

    @Override
    public void close() throws IOException {
      log.close();
    }

    private static Path path(long number) {
      return FOLDER.resolve("segment-" + number);
    }
  }

  /// What a run of the script was told.
  private static final class Witness {
    private int attempted;
    private int acknowledged;
    private boolean hasFailed;
  }

  /// Batch number `n` is always the same one.
  private static LogRecord batch(long sequence) {
    return Samples.record(sequence, new SplittableRandom(sequence));
  }

  private static void script(Disk disk, Witness witness) {
    try (Store store = new Store(disk)) {
      for (int i = 1; i <= 9; i++) {
        witness.attempted = store.all.size() + 1;
        store.write(batch(witness.attempted));
        witness.acknowledged = witness.attempted;
        if (i % 3 == 0) {
          store.seal();
        }
      }
    } catch (IOException e) {
      witness.hasFailed = true;
    }
  }

  private static void check(Disk disk, Witness witness, String context) throws IOException {
    List<LogRecord> readOnly = new ArrayList<>();
    Manifest manifest = disk.exists(FOLDER) ? Manifest.read(disk, MANIFEST) : Manifest.EMPTY;
    if (disk.exists(FOLDER)) {
      WriteAheadLog.replayOnly(disk, FOLDER, IDENTITY, manifest.firstLog(), readOnly::add);
    }
    try (Store store = new Store(disk)) {
      assertPrefix(store.all, witness, context);
      assertThat(readOnly).as(context).hasSameSizeAs(store.unsealed);
      store.write(batch(store.all.size() + 1));
      store.seal();
      store.write(batch(store.all.size() + 1));
    }
    int size;
    try (Store store = new Store(disk)) {
      size = store.all.size();
      Witness more = new Witness();
      more.acknowledged = size;
      more.attempted = size;
      assertPrefix(store.all, more, context);
    }
    assertThat(size).as(context).isGreaterThanOrEqualTo(witness.acknowledged + 2);
  }

  private static void assertPrefix(List<LogRecord> found, Witness witness, String context) {
    assertThat(found.size()).as(context).isBetween(witness.acknowledged, witness.attempted);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).toBytes()).as(context).isEqualTo(batch(i + 1).toBytes());
    }
  }

  @Test
  void afterACrashInAnyOperationAllAcknowledgedBatchesAreThereWhole() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    Witness witness = new Witness();
    script(new FaultyDisk(), witness);
    assertThat(witness.acknowledged).isEqualTo(9);
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk disk = new FaultyDisk();
      disk.crashAt(n);
      witness = new Witness();
      script(disk, witness);
      isDone = !disk.hasCrashed();
      for (Unforced unforced : Unforced.values()) {
        String context = "%s, operation %d, %s".formatted(seed, n, unforced);
        check(disk.afterCrash(unforced, random), witness, context);
      }
    }
  }

  /// The bytes of each write in turn land over those of some file, and zeros where they should be.
  @Test
  void aWriteThatLandsElsewhereIsNoticedOrHarmsNothing() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    int noticed = 0;
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk disk = new FaultyDisk();
      disk.misdirectAt(n, random);
      Witness witness = new Witness();
      script(disk, witness);
      assertThat(witness.acknowledged).isEqualTo(9);
      isDone = disk.operations() < n;
      String context = "%s, operation %d over %s".formatted(seed, n, disk.misdirected());
      try {
        check(disk, witness, context);
      } catch (CorruptFileException e) {
        assertThat(disk.misdirected()).as(context).isPresent();
        assertThat(e.file()).as(context).startsWith(FOLDER.toString());
        noticed++;
      }
    }
    assertThat(noticed).isPositive();
  }

  @Test
  void afterACrashDuringRecoveryNothingMoreIsLost() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    for (int i = 0; i < 400; i++) {
      FaultyDisk disk = new FaultyDisk();
      disk.crashAt(1 + random.nextInt(130));
      Witness witness = new Witness();
      script(disk, witness);
      Unforced first = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
      MemoryDisk survived = disk.afterCrash(first, random);
      FaultyDisk again = FaultyDisk.over(survived, Path.of("/"));
      int crash = 1 + random.nextInt(20);
      again.crashAt(crash);
      Witness second = new Witness();
      second.acknowledged = witness.acknowledged;
      second.attempted = witness.attempted;
      script(again, second);
      second.attempted = Math.max(second.attempted, witness.attempted);
      Unforced then = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
      check(
          again.afterCrash(then, random),
          second,
          "%s, round %d, %s then operation %d, %s".formatted(seed, i, first, crash, then));
    }
  }

  @Test
  void afterAFailureOfAnyOperationNothingAcknowledgedIsLost() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk disk = new FaultyDisk();
      disk.failAt(n);
      Witness witness = new Witness();
      script(disk, witness);
      isDone = !witness.hasFailed && disk.operations() < n;
      for (Unforced unforced : Unforced.values()) {
        String context = "%s, operation %d fails, %s".formatted(seed, n, unforced);
        check(disk.afterCrash(unforced, random), witness, context);
      }
      disk.failAt(0);
      check(disk, witness, "%s, operation %d fails, no crash".formatted(seed, n));
    }
  }
}
