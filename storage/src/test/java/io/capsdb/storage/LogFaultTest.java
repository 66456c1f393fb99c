package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The log on a disk that fails once.
class LogFaultTest {
  private static final Path FOLDER = Path.of("/data");
  private static final long IDENTITY = 77;

  private final FaultyDisk disk = new FaultyDisk();

  @BeforeEach
  void makeFolder() throws IOException {
    disk.createFolders(FOLDER);
  }

  @Test
  void aFailedWriteOrForceSealsTheLog() throws IOException {
    for (int operation = 1; operation <= 2; operation++) {
      FaultyDisk fresh = new FaultyDisk();
      fresh.createFolders(FOLDER);
      WriteAheadLog log = WriteAheadLog.open(fresh, FOLDER, IDENTITY, 0, _ -> {});
      log.append(delete(1));
      fresh.failAt(fresh.operations() + operation);
      assertThatIOException().isThrownBy(() -> log.append(delete(2)));
      assertThatIOException()
          .isThrownBy(() -> log.append(delete(2)))
          .withMessageContaining("sealed");
      assertThatIOException().isThrownBy(log::roll).withMessageContaining("sealed");
      log.close();
      for (Unforced unforced : Unforced.values()) {
        List<Long> replayed = replayed(fresh.afterCrash(unforced, Seed.next().random()));
        assertThat(replayed).as("%s", unforced).isIn(List.of(1L), List.of(1L, 2L));
      }
      assertThat(reopened(fresh)).isIn(List.of(1L), List.of(1L, 2L));
    }
  }

  /// The second write fails. Some operation of mending may fail, and the machine may stop anywhere.
  @Test
  void aLogWhoseWriteFailedGoesOnOnceItIsMended() throws IOException {
    boolean isDone = false;
    for (long n = 0; !isDone; n++) {
      FaultyDisk fresh = new FaultyDisk();
      fresh.createFolders(FOLDER);
      WriteAheadLog log = WriteAheadLog.open(fresh, FOLDER, IDENTITY, 0, _ -> {});
      log.append(delete(1));
      fresh.failAt(fresh.operations() + 1);
      assertThatIOException().isThrownBy(() -> log.append(delete(2)));
      assertThat(log.isTorn()).isTrue();
      List<Long> acknowledged = new ArrayList<>(List.of(1L));
      fresh.failAt(n == 0 ? 0 : fresh.operations() + n);
      isDone = n > 0;
      try {
        log.mend();
      } catch (IOException e) {
        isDone = false;
        assertThat(log.isSealed()).isTrue();
      }
      fresh.failAt(0);
      if (log.isTorn()) {
        log.mend();
      }
      requireOutcomes(fresh, acknowledged, "after mending, operation " + n);
      if (!log.isSealed()) {
        log.append(delete(2));
        log.roll();
        log.append(delete(3));
        acknowledged.addAll(List.of(2L, 3L));
        requireOutcomes(fresh, acknowledged, "going on, operation " + n);
      }
      log.close();
      requireOutcomes(fresh, acknowledged, "after closing, operation " + n);
    }
  }

  /// Other writers have forced the half frame. If its cut were not durable when the log goes on
  /// in a new file, it would be damage in the old one.
  @Test
  void aLogThatWasMendedMayGoOnInANewFile() throws IOException {
    for (int round = 0; round < 20; round++) {
      FaultyDisk fresh = new FaultyDisk();
      fresh.createFolders(FOLDER);
      WriteAheadLog log = WriteAheadLog.open(fresh, FOLDER, IDENTITY, 0, _ -> {});
      log.append(delete(1));
      fresh.failAt(fresh.operations() + 1);
      assertThatIOException().isThrownBy(() -> log.append(delete(2)));
      log.force();
      log.mend();
      log.roll();
      log.append(delete(2));
      requireOutcomes(fresh, List.of(1L, 2L), "round " + round);
    }
  }

  @Test
  void aStopWhileALogIsMendedLosesNothing() throws IOException {
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk fresh = new FaultyDisk();
      fresh.createFolders(FOLDER);
      WriteAheadLog log = WriteAheadLog.open(fresh, FOLDER, IDENTITY, 0, _ -> {});
      log.append(delete(1));
      fresh.failAt(fresh.operations() + 1);
      assertThatIOException().isThrownBy(() -> log.append(delete(2)));
      fresh.crashAt(fresh.operations() + n);
      isDone = true;
      try {
        log.mend();
        log.append(delete(2));
      } catch (IOException e) {
        isDone = false;
      }
      for (Unforced unforced : Unforced.values()) {
        assertThat(replayed(fresh.afterCrash(unforced, Seed.next().random())))
            .as("operation %d, %s", n, unforced)
            .isIn(isDone ? List.of(List.of(1L, 2L)) : List.of(List.of(1L), List.of(1L, 2L)));
      }
    }
  }

  private static void requireOutcomes(FaultyDisk disk, List<Long> acknowledged, String context)
      throws IOException {
    for (Unforced unforced : Unforced.values()) {
      assertThat(replayed(disk.afterCrash(unforced, Seed.next().random())))
          .as("%s, %s", context, unforced)
          .isEqualTo(acknowledged);
    }
  }

  /// After a failed write the file ends in half a frame. A file after it would turn that into
  /// damage, and the log could not be opened any more.
  @Test
  void aSealedLogCannotBeginAFile() throws IOException {
    WriteAheadLog log = open();
    log.append(delete(1));
    disk.failAt(disk.operations() + 1);
    assertThatIOException().isThrownBy(() -> log.append(delete(2)));
    assertThatIOException().isThrownBy(log::roll);
    log.close();
    assertThat(disk.list(FOLDER)).hasSize(1);
    assertThat(reopened(disk)).containsExactly(1L);
  }

  @Test
  void afterAFailedRollTheLogGoesOnOrIsSealed() throws IOException {
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk fresh = new FaultyDisk();
      fresh.createFolders(FOLDER);
      List<Long> acknowledged = new ArrayList<>(List.of(1L));
      WriteAheadLog log = WriteAheadLog.open(fresh, FOLDER, IDENTITY, 0, _ -> {});
      log.append(delete(1));
      fresh.failAt(fresh.operations() + n);
      isDone = true;
      try {
        log.roll();
      } catch (IOException e) {
        isDone = false;
      }
      fresh.failAt(0);
      try {
        log.append(delete(2));
        acknowledged.add(2L);
        log.roll();
        log.append(delete(3));
        acknowledged.add(3L);
      } catch (IOException e) {
        assertThat(e).as("operation %d", n).hasMessageContaining("sealed");
      }
      log.close();
      for (Unforced unforced : Unforced.values()) {
        assertThat(replayed(fresh.afterCrash(unforced, Seed.next().random())))
            .as("operation %d, %s", n, unforced)
            .isEqualTo(acknowledged);
      }
    }
  }

  @Test
  void aFailedRollIsTriedAgain() throws IOException {
    WriteAheadLog log = open();
    log.append(delete(1));
    disk.failAt(disk.operations() + 2);
    assertThatIOException().isThrownBy(log::roll);
    assertThat(log.number()).isZero();
    assertThat(log.roll()).isEqualTo(1);
    log.append(delete(2));
    log.close();
    assertThat(reopened(disk)).containsExactly(1L, 2L);
  }

  @Test
  void afterAFailureWhileOpeningTheNextOpeningWorks() throws IOException {
    byte[] torn = {20, 0, 0, 0, 1};
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk fresh = new FaultyDisk();
      fresh.createFolders(FOLDER);
      WriteAheadLog log = WriteAheadLog.open(fresh, FOLDER, IDENTITY, 0, _ -> {});
      log.append(delete(1));
      log.roll();
      log.append(delete(2));
      log.close();
      Path second = FOLDER.resolve("log-000000000001.wal");
      byte[] good = Samples.bytes(fresh, second);
      byte[] all = java.util.Arrays.copyOf(good, good.length + torn.length);
      System.arraycopy(torn, 0, all, good.length, torn.length);
      Samples.replace(fresh, second, all);
      fresh.forceFolder(FOLDER);
      fresh.failAt(fresh.operations() + n);
      isDone = true;
      try {
        WriteAheadLog.open(fresh, FOLDER, IDENTITY, 0, _ -> {}).close();
      } catch (IOException e) {
        isDone = false;
      }
      fresh.failAt(0);
      assertThat(reopened(fresh)).as("operation %d", n).containsExactly(1L, 2L);
    }
  }

  /// Otherwise a crash would find the old tail behind new frames' bytes.
  @Test
  void theCutOfATornTailIsDurableWhenTheLogIsOpen() throws IOException {
    WriteAheadLog log = open();
    log.append(delete(1));
    log.close();
    Path file = FOLDER.resolve("log-000000000000.wal");
    long intact = disk.size(file);
    try (var out = disk.append(file, intact)) {
      out.write(java.nio.ByteBuffer.wrap(new byte[] {20, 0, 0, 0, 1}));
      out.force();
    }
    open().close();
    assertThat(disk.afterCrash(Unforced.DROPPED, Seed.next().random()).size(file))
        .isEqualTo(intact);
  }

  /// A process that was killed leaves frames that were written and not forced. The next one shows
  /// them, so they must not go with a loss of power any more.
  @Test
  void whatWasReadWhenTheLogWasOpenedStays() throws IOException {
    WriteAheadLog log = open();
    log.append(delete(1));
    log.write(delete(2));
    assertThat(replayed(disk.afterCrash(Unforced.DROPPED, Seed.next().random())))
        .containsExactly(1L);
    List<Long> shown = new ArrayList<>();
    WriteAheadLog.open(disk, FOLDER, IDENTITY, 0, record -> shown.add(record.sequence()));
    assertThat(shown).containsExactly(1L, 2L);
    assertThat(replayed(disk.afterCrash(Unforced.DROPPED, Seed.next().random()))).isEqualTo(shown);
  }

  private WriteAheadLog open() throws IOException {
    return WriteAheadLog.open(disk, FOLDER, IDENTITY, 0, _ -> {});
  }

  private static List<Long> replayed(MemoryDisk disk) throws IOException {
    List<Long> sequences = new ArrayList<>();
    WriteAheadLog.replayOnly(disk, FOLDER, IDENTITY, 0, record -> sequences.add(record.sequence()));
    List<Long> opened = new ArrayList<>();
    WriteAheadLog.open(disk, FOLDER, IDENTITY, 0, record -> opened.add(record.sequence())).close();
    assertThat(opened).isEqualTo(sequences);
    return sequences;
  }

  private static List<Long> reopened(FaultyDisk disk) throws IOException {
    List<Long> sequences = new ArrayList<>();
    WriteAheadLog.open(disk, FOLDER, IDENTITY, 0, record -> sequences.add(record.sequence()))
        .close();
    return sequences;
  }

  private static LogRecord delete(long sequence) {
    return new LogRecord.Delete(sequence, List.of(PointId.of(sequence)));
  }
}
