package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WriteAheadLogTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Path FIRST = FOLDER.resolve("log-000000000000.wal");
  private static final Path SECOND = FOLDER.resolve("log-000000000001.wal");
  private static final long IDENTITY = 0x1234_5678_9abc_def1L;
  private static final int FILE_HEADER = 24;
  private static final int FRAME_HEADER = 20;

  private final Disk disk = new MemoryDisk();

  @BeforeEach
  void makeFolder() throws IOException {
    disk.createFolders(FOLDER);
  }

  @RepeatedTest(20)
  void recordsAreReplayedInOrderAcrossFiles() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    List<LogRecord> written = new ArrayList<>();
    long number = 0;
    for (int opening = 0; opening < 4; opening++) {
      List<LogRecord> replayed = new ArrayList<>();
      try (WriteAheadLog log = WriteAheadLog.open(disk, FOLDER, IDENTITY, 0, replayed::add)) {
        assertSame(seed, replayed, written);
        assertThat(log.number()).isEqualTo(number);
        for (int i = random.nextInt(8); i > 0; i--) {
          LogRecord record = Samples.record(written.size() + 1, random);
          log.append(record);
          written.add(record);
          if (random.nextInt(3) == 0) {
            number = log.roll();
          }
        }
      }
    }
    assertSame(seed, replayed(0), written);
  }

  @Test
  void replayBeginsWithTheFileThatIsAskedFor() throws IOException {
    try (WriteAheadLog log = open()) {
      log.append(delete(1));
      assertThat(log.roll()).isEqualTo(1);
      log.append(delete(2));
      assertThat(log.roll()).isEqualTo(2);
      log.append(delete(3));
    }
    assertThat(replayed(1)).containsExactly(delete(2), delete(3));
    assertThat(disk.list(FOLDER)).hasSize(3);
    List<LogRecord> replayed = new ArrayList<>();
    WriteAheadLog.open(disk, FOLDER, IDENTITY, 1, replayed::add).close();
    assertThat(replayed).containsExactly(delete(2), delete(3));
    assertThat(disk.list(FOLDER)).containsExactly("log-000000000001.wal", "log-000000000002.wal");
  }

  @Test
  void dropBeforeDeletesTheFilesBefore() throws IOException {
    try (WriteAheadLog log = open()) {
      log.append(delete(1));
      log.roll();
      log.append(delete(2));
      log.dropBefore(1);
      assertThat(disk.list(FOLDER)).containsExactly("log-000000000001.wal");
      log.append(delete(3));
    }
    assertThat(replayed(1)).containsExactly(delete(2), delete(3));
  }

  @Test
  void filesThatAreNoLogsAreLeftAlone() throws IOException {
    for (String name : List.of("log-1.wal", "log-000000000000.wal.tmp", "other", "log-x")) {
      Samples.replace(disk, FOLDER.resolve(name), new byte[5]);
    }
    try (WriteAheadLog log = open()) {
      log.append(delete(1));
      log.roll();
      log.dropBefore(1);
    }
    assertThat(disk.list(FOLDER)).hasSize(5);
  }

  @Test
  void aTornTailIsCutAtEveryByte() throws IOException {
    byte[] good = written(delete(1), large(2), delete(3));
    int last = lastFrame(good);
    for (int length = last; length < good.length; length++) {
      Samples.replace(disk, FIRST, Arrays.copyOf(good, length));
      assertThat(replayed(0)).as("%d bytes", length).hasSize(2);
      assertThat(Samples.bytes(disk, FIRST)).hasSize(length);
      try (WriteAheadLog log = open()) {
        assertThat(disk.size(FIRST)).isEqualTo(last);
        log.append(delete(3));
      }
      List<LogRecord> replayed = replayed(0);
      assertThat(replayed).as("%d bytes", length).hasSize(3);
      assertThat(replayed.getLast()).isEqualTo(delete(3));
    }
  }

  /// Sectors of a frame that was never acknowledged can come in any order.
  @RepeatedTest(50)
  void aTailWithMissingSectorsIsCut() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    byte[] good = written(delete(1), large(2));
    int last = lastFrame(good);
    byte[] torn = good.clone();
    int at = last;
    while (at < torn.length) {
      int end = Math.min(torn.length, (at / 512 + 1) * 512);
      if (random.nextBoolean()) {
        Arrays.fill(torn, at, end, (byte) 0);
      }
      at = end;
    }
    Samples.replace(disk, FIRST, torn);
    assertThat(replayed(0).getFirst()).as("%s", seed).isEqualTo(delete(1));
    assertThat(replayed(0)).as("%s", seed).hasSize(Arrays.equals(torn, good) ? 2 : 1);
    open().close();
    disk.delete(FIRST);
  }

  @Test
  void damageBeforeIntactFramesIsReportedWithFileAndPlaceForEveryBit() throws IOException {
    byte[] good = written(delete(1), large(2), delete(3), delete(4));
    int last = lastFrame(good);
    for (long bit = 0; bit < 8L * last; bit++) {
      Samples.replace(disk, FIRST, Samples.flipped(good, bit));
      List<LogRecord> replayed = new ArrayList<>();
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> WriteAheadLog.open(disk, FOLDER, IDENTITY, 0, replayed::add).close())
          .satisfies(e -> assertThat(e.file()).isEqualTo(FIRST.toString()))
          .satisfies(e -> assertThat(e.offset()).isBetween(0L, (long) last));
      assertThat(replayed).hasSizeLessThan(3);
      assertThat(disk.size(FIRST)).isEqualTo(good.length);
    }
  }

  @Test
  void damageInTheLastFrameIsATornTail() throws IOException {
    byte[] good = written(delete(1), delete(2));
    int last = lastFrame(good);
    for (long bit = 8L * last; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FIRST, Samples.flipped(good, bit));
      assertThat(replayed(0)).as("bit %d", bit).containsExactly(delete(1));
    }
  }

  @Test
  void damageInTheLastFrameOfALogThatWasClosedIsReported() throws IOException {
    try (WriteAheadLog log = open()) {
      log.append(delete(1));
      log.append(delete(2));
    }
    byte[] good = Samples.bytes(disk, FIRST);
    int mark = lastFrame(good);
    assertThat(mark).isEqualTo(good.length - FRAME_HEADER);
    for (long bit = 0; bit < 8L * mark; bit++) {
      Samples.replace(disk, FIRST, Samples.flipped(good, bit));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> replayed(0));
    }
    for (long bit = 8L * mark; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FIRST, Samples.flipped(good, bit));
      assertThat(replayed(0)).as("bit %d", bit).containsExactly(delete(1), delete(2));
    }
    try (WriteAheadLog log = open()) {
      log.append(delete(3));
    }
    assertThat(replayed(0)).containsExactly(delete(1), delete(2), delete(3));
  }

  /// Writers share a force: of frames that nobody was answered for, any can be torn.
  @RepeatedTest(50)
  void framesThatWaitForAForceMayBeTornInAnyOrder() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    int forced;
    byte[] torn;
    try (WriteAheadLog log = open()) {
      log.append(delete(1));
      log.append(large(2));
      forced = (int) disk.size(FIRST);
      log.write(large(3));
      log.write(delete(4));
      log.write(large(5));
      torn = Samples.bytes(disk, FIRST);
    }
    for (int at = forced; at < torn.length; at = (at / 512 + 1) * 512) {
      if (random.nextBoolean()) {
        Arrays.fill(torn, at, Math.min(torn.length, (at / 512 + 1) * 512), (byte) 0);
      }
    }
    Samples.replace(disk, FIRST, torn);
    assertThat(replayed(0)).as("%s", seed).hasSizeBetween(2, 5).startsWith(delete(1));
    open().close();
    disk.delete(FIRST);
  }

  @Test
  void logsOfTheFirstFormatAreReadAndGoneOnFromInANewFile() throws IOException {
    checkOld(Samples.oldLog(delete(1), delete(2)));
  }

  @Test
  void logsOfTheSecondFormatAreReadAndGoneOnFromInANewFile() throws IOException {
    checkOld(Samples.secondLog(delete(1), delete(2)));
  }

  private void checkOld(byte[] old) throws IOException {
    Samples.replace(disk, FIRST, old);
    assertThat(replayed(0)).containsExactly(delete(1), delete(2));
    try (WriteAheadLog log = open()) {
      assertThat(log.number()).isEqualTo(1);
      log.append(delete(3));
    }
    assertThat(replayed(0)).containsExactly(delete(1), delete(2), delete(3));
  }

  /// Also where it has no frames yet: a file that only begins is otherwise begun anew.
  @Test
  void aLogOfAnotherCollectionIsRefusedAndLeftAsItIs() throws IOException {
    for (LogRecord[] records : List.of(new LogRecord[0], new LogRecord[] {delete(1)})) {
      byte[] foreign = written(records);
      for (long own : new long[] {0, IDENTITY + 1}) {
        assertThatExceptionOfType(CorruptFileException.class)
            .isThrownBy(() -> WriteAheadLog.open(disk, FOLDER, own, 0, _ -> {}).close())
            .withMessageContaining("it is a log of another collection")
            .satisfies(e -> assertThat(e.file()).isEqualTo(FIRST.toString()));
        assertThat(Samples.bytes(disk, FIRST)).isEqualTo(foreign);
      }
      assertThat(replayed(0)).hasSize(records.length);
    }
  }

  /// A write that landed in the log of another collection, at the same place.
  @Test
  void aFrameOfAnotherCollectionFitsNowhere() throws IOException {
    byte[] own = written(delete(1), delete(2));
    disk.delete(FIRST);
    WriteAheadLog.open(disk, FOLDER, IDENTITY + 1, 0, _ -> {}).close();
    try (WriteAheadLog log = WriteAheadLog.open(disk, FOLDER, IDENTITY + 1, 0, _ -> {})) {
      log.append(delete(1));
      log.append(delete(2));
      byte[] other = Samples.bytes(disk, FIRST);
      System.arraycopy(other, FILE_HEADER, own, FILE_HEADER, lastFrame(own) - FILE_HEADER);
    }
    Samples.replace(disk, FIRST, own);
    assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> replayed(0));
  }

  @Test
  void aLogOfANewerVersionIsRefusedAndLeftAsItIs() throws IOException {
    for (int length : new int[] {16, FILE_HEADER, 100}) {
      byte[] newer = Arrays.copyOf(written(delete(1), delete(2), large(3)), length);
      newer[7] = '7';
      Samples.replace(disk, FIRST, newer);
      assertThatExceptionOfType(CorruptFileException.class)
          .as("%d bytes", length)
          .isThrownBy(() -> open().close())
          .withMessageContaining("log of format 7, this version reads 1, 2 and 4");
      assertThat(Samples.bytes(disk, FIRST)).isEqualTo(newer);
    }
  }

  @Test
  void damageInAFileBeforeTheLastIsReportedEvenAtItsEnd() throws IOException {
    byte[] good = written(delete(1), delete(2));
    written(SECOND, 1, delete(3));
    for (int length = 0; length < good.length; length++) {
      Samples.replace(disk, FIRST, Arrays.copyOf(good, length));
      if (length == FILE_HEADER || length == lastFrame(good)) {
        continue; // ends between frames; see framesThatAreMissingAtTheEndOfAFile…
      }
      assertThatExceptionOfType(CorruptFileException.class)
          .as("%d bytes", length)
          .isThrownBy(() -> replayed(0))
          .withMessageContaining(FIRST.toString());
    }
    for (long bit = 0; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FIRST, Samples.flipped(good, bit));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> replayed(0));
    }
  }

  @Test
  void framesThatAreMissingAtTheEndOfAFileBeforeTheLastAreNoticedByTheirNumber()
      throws IOException {
    byte[] good = written(delete(1), delete(2));
    written(SECOND, 1, delete(3));
    Samples.replace(disk, FIRST, Arrays.copyOf(good, lastFrame(good)));
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> replayed(0))
        .withMessageContaining(SECOND.toString())
        .withMessageContaining("write 3 follows write 1");
  }

  @Test
  void aMissingFileBetweenOthersIsReported() throws IOException {
    try (WriteAheadLog log = open()) {
      for (int i = 1; i <= 3; i++) {
        log.append(delete(i));
        log.roll();
      }
    }
    disk.delete(SECOND);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> replayed(0))
        .withMessageContaining(SECOND.toString())
        .withMessageContaining("missing");
    assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> open().close());
    assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> replayed(1));
    assertThat(replayed(2)).containsExactly(delete(3));
  }

  @Test
  void aMissingFirstFileIsReported() throws IOException {
    assertThat(replayed(0)).isEmpty();
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> WriteAheadLog.open(disk, FOLDER, IDENTITY, 1, _ -> {}).close())
        .withMessageContaining(SECOND.toString())
        .withMessageContaining("missing");
    assertThat(disk.list(FOLDER)).isEmpty();
  }

  @Test
  void swappedFilesAreNoticed() throws IOException {
    written(FIRST, 0, delete(1));
    byte[] one = Samples.bytes(disk, FIRST);
    written(SECOND, 1, delete(2));
    byte[] two = Samples.bytes(disk, SECOND);
    Samples.replace(disk, FIRST, two);
    Samples.replace(disk, SECOND, one);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> replayed(0))
        .withMessageContaining("log 0");
  }

  /// Frames are chained, so that an older frame in the place of a newer one does not fit.
  @Test
  void aRepeatedFrameIsNoticed() throws IOException {
    byte[] good = written(delete(1), delete(2), delete(3), delete(4));
    int frame = (good.length - FILE_HEADER) / 4;
    byte[] changed = good.clone();
    System.arraycopy(good, FILE_HEADER, changed, FILE_HEADER + frame, frame);
    Samples.replace(disk, FIRST, changed);
    assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> replayed(0));
  }

  @Test
  void aFileThatEndsInItsHeaderOrHoldsZerosHoldsNothing() throws IOException {
    byte[] good = written(delete(1));
    disk.delete(FIRST);
    for (int length = 0; length < FILE_HEADER; length++) {
      checkBegun(Arrays.copyOf(good, length));
    }
    checkBegun(new byte[FILE_HEADER]);
  }

  private void checkBegun(byte[] second) throws IOException {
    written(FIRST, 0, delete(1));
    Samples.replace(disk, SECOND, second);
    assertThat(replayed(0)).as("%d bytes", second.length).containsExactly(delete(1));
    List<LogRecord> replayed = new ArrayList<>();
    try (WriteAheadLog log = WriteAheadLog.open(disk, FOLDER, IDENTITY, 0, replayed::add)) {
      assertThat(log.number()).isEqualTo(1);
      log.append(delete(2));
    }
    assertThat(replayed).containsExactly(delete(1));
    assertThat(replayed(0)).containsExactly(delete(1), delete(2));
    disk.delete(SECOND);
  }

  @Test
  void replayOnlyChangesNothing() throws IOException {
    byte[] good = written(delete(1), delete(2));
    Samples.replace(disk, FIRST, Arrays.copyOf(good, good.length - 3));
    Samples.replace(disk, SECOND, new byte[] {1, 2, 3});
    Map<String, byte[]> before = files();
    assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> replayed(0));
    assertThat(files()).usingRecursiveComparison().isEqualTo(before);
    disk.delete(SECOND);
    assertThat(replayed(0)).containsExactly(delete(1));
    before.remove("log-000000000001.wal");
    assertThat(files()).usingRecursiveComparison().isEqualTo(before);
  }

  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    for (String name : disk.list(FOLDER)) {
      files.put(name, Samples.bytes(disk, FOLDER.resolve(name)));
    }
    return files;
  }

  @Test
  void aClosedLogTakesNothing() throws IOException {
    WriteAheadLog log = open();
    log.close();
    assertThatIOException().isThrownBy(() -> log.append(delete(1)));
    assertThat(replayed(0)).isEmpty();
  }

  /// A value that looks like the head of a frame must not turn a torn tail into damage.
  @Test
  void contentThatLooksLikeAFrameDoesNotStopTheStart() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0)
        .putLong(1 << 20)
        .putInt(LogReplay.headSum(0, 1 << 20, 0, 0, IDENTITY))
        .putInt(0)
        .flip();
    float[] vector = new float[64];
    for (int i = 8; i < 13; i++) {
      vector[i] = head.getFloat();
    }
    byte[] good =
        written(
            delete(1),
            new LogRecord.Upsert(
                2,
                List.of(new LogRecord.Entry(PointId.of(1), Map.of("", vector), Payload.empty()))));
    for (int length = good.length - 150; length < good.length; length++) {
      Samples.replace(disk, FIRST, Arrays.copyOf(good, length));
      assertThat(replayed(0)).as("%d bytes", length).containsExactly(delete(1));
    }
  }

  private WriteAheadLog open() throws IOException {
    return WriteAheadLog.open(disk, FOLDER, IDENTITY, 0, _ -> {});
  }

  private List<LogRecord> replayed(long firstLog) throws IOException {
    List<LogRecord> records = new ArrayList<>();
    WriteAheadLog.replayOnly(disk, FOLDER, IDENTITY, firstLog, records::add);
    return records;
  }

  /// The bytes of the first log file with these records.
  private byte[] written(LogRecord... records) throws IOException {
    written(FIRST, 0, records);
    return Samples.bytes(disk, FIRST);
  }

  private void written(Path file, long number, LogRecord... records) throws IOException {
    MemoryDisk other = new MemoryDisk();
    other.createFolders(FOLDER);
    try (WriteAheadLog log = WriteAheadLog.open(other, FOLDER, IDENTITY, 0, _ -> {})) {
      while (log.number() < number) {
        log.roll();
      }
      for (LogRecord record : records) {
        log.append(record);
      }
      // As a process leaves it that is killed.
      Samples.replace(disk, file, Samples.bytes(other, file));
    }
  }

  /// Where the last frame of a file begins.
  private static int lastFrame(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = FILE_HEADER;
    while (at + FRAME_HEADER + buffer.getInt(at) < bytes.length) {
      at += FRAME_HEADER + buffer.getInt(at);
    }
    return at;
  }

  private static LogRecord delete(long sequence) {
    return new LogRecord.Delete(sequence, List.of(PointId.of(sequence)));
  }

  private static LogRecord large(long sequence) {
    float[] vector = new float[400];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = i * 0.37f + sequence;
    }
    return new LogRecord.Upsert(
        sequence,
        List.of(new LogRecord.Entry(PointId.of(sequence), Map.of("", vector), Payload.empty())));
  }

  private static void assertSame(Seed seed, List<LogRecord> read, List<LogRecord> written) {
    assertThat(read).as("%s", seed).hasSameSizeAs(written);
    for (int i = 0; i < read.size(); i++) {
      LogRecordTest.assertSame(seed, read.get(i), written.get(i));
    }
  }
}
