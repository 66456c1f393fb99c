package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.io.MemoryDisk;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SegmentContainerTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Path FILE = FOLDER.resolve("segment-1");
  private static final long NUMBER = 1;
  private static final long MAGIC = 0x3247455353504143L;
  private static final long OLD_MAGIC = 0x3147455353504143L;

  private final Disk disk = new MemoryDisk();

  @BeforeEach
  void makeFolder() throws IOException {
    disk.createFolders(FOLDER);
  }

  @RepeatedTest(50)
  void partsAreReadAsTheyWereWritten() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    Map<String, byte[]> parts = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      parts.put("part-é" + i, bytes);
    }
    try (SegmentContainer.Writer out = SegmentContainer.create(disk, FILE, NUMBER)) {
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        out.part(
            part.getKey(),
            sink -> {
              int cut = part.getValue().length / 3;
              sink.write(ByteBuffer.wrap(part.getValue(), 0, cut));
              sink.write(ByteBuffer.wrap(part.getValue(), cut, part.getValue().length - cut));
            });
      }
      out.commit();
    }
    try (SegmentContainer in = SegmentContainer.open(disk, FILE, NUMBER)) {
      assertThat(in.size()).isEqualTo(disk.size(FILE));
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        assertThat(in.has(part.getKey())).isTrue();
        MemorySegment segment = in.part(part.getKey());
        assertThat(segment.toArray(ValueLayout.JAVA_BYTE))
            .as("%s", seed)
            .isEqualTo(part.getValue());
        assertThat(segment.address() % 64).as("%s", seed).isZero();
        assertThat(segment.isReadOnly()).isTrue();
      }
      Disk.AppendFile gone = disk.append(FOLDER.resolve("other"), 0);
      gone.close();
    }
    assertThat(disk.list(FOLDER)).containsExactly("other", "segment-1");
    disk.delete(FOLDER.resolve("other"));
    disk.delete(FILE);
  }

  @Test
  void readersAndWholeNumbersStandOnAPart() throws IOException {
    CheckedWriter text = new CheckedWriter();
    text.writeString("hello");
    CheckedWriter numbers = new CheckedWriter();
    numbers.writeInt(7);
    numbers.writeInt(-1);
    try (SegmentContainer.Writer out = SegmentContainer.create(disk, FILE, NUMBER)) {
      out.part("text", text);
      out.part("numbers", numbers);
      out.commit();
    }
    try (SegmentContainer in = SegmentContainer.open(disk, FILE, NUMBER)) {
      assertThat(in.reader("text").readString()).isEqualTo("hello");
      assertThat(in.ints("numbers")).containsExactly(7, -1);
      assertThat(in.reader("text").corrupt("x").offset()).isEqualTo(64);
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> in.ints("text"))
          .withMessageContaining("'text'");
    }
  }

  @Test
  void missingPartsAreNamed() throws IOException {
    write();
    try (SegmentContainer in = SegmentContainer.open(disk, FILE, NUMBER)) {
      assertThat(in.has("nothing")).isFalse();
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> in.part("nothing"))
          .withMessageContaining(FILE.toString())
          .withMessageContaining("'nothing' is missing");
    }
  }

  @Test
  void partsEndWithTheContainer() throws IOException {
    write();
    SegmentContainer in = SegmentContainer.open(disk, FILE, NUMBER);
    MemorySegment part = in.part("first");
    in.close();
    assertThatIllegalStateException().isThrownBy(() -> part.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void partNamesAreUnique() throws IOException {
    try (SegmentContainer.Writer out = SegmentContainer.create(disk, FILE, NUMBER)) {
      out.part("twice", new CheckedWriter());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> out.part("twice", new CheckedWriter()))
          .withMessageContaining("'twice'");
    }
  }

  @Test
  void everyFlippedBitIsNoticedOrLiesBetweenTheParts() throws IOException {
    write();
    byte[] good = Samples.bytes(disk, FILE);
    long paddingBits = 0;
    for (long bit = 0; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FILE, Samples.flipped(good, bit));
      try (SegmentContainer in = SegmentContainer.open(disk, FILE, NUMBER)) {
        assertThat(in.part("first").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(100, 1));
        assertThat(in.part("second").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(33, 2));
        assertThat(isPadding(bit / 8)).as("byte %d", bit / 8).isTrue();
        paddingBits++;
      } catch (CorruptFileException e) {
        assertThat(e.file()).isEqualTo(FILE.toString());
        assertThat(e.offset()).isBetween(0L, (long) good.length);
        assertThat(isPadding(bit / 8)).as("byte %d: %s", bit / 8, e.getMessage()).isFalse();
      }
    }
    assertThat(paddingBits).isEqualTo(8L * (64 - 16 + 192 - 164));
  }

  /// `first` lies at 64 to 164, `second` at 192 to 225, the table follows.
  private static boolean isPadding(long at) {
    return (at >= 16 && at < 64) || (at >= 164 && at < 192);
  }

  @Test
  void everyShorterFileIsNoticed() throws IOException {
    write();
    byte[] good = Samples.bytes(disk, FILE);
    for (int length = 0; length < good.length; length++) {
      Samples.replace(disk, FILE, Arrays.copyOf(good, length));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("%d bytes", length)
          .isThrownBy(() -> SegmentContainer.open(disk, FILE, NUMBER).close())
          .withMessageContaining(FILE.toString());
    }
  }

  @Test
  void tablesThatLeadOutsideAreRefused() throws IOException {
    long[][] places = {
      {-64, 8}, {0, 8}, {64, -1}, {64, 1_000}, {64, Long.MAX_VALUE}, {Long.MAX_VALUE, 1}, {200, 0}
    };
    for (long[] place : places) {
      CheckedWriter table = new CheckedWriter();
      table.writeInt(1);
      table.writeString("part");
      table.writeLong(place[0]);
      table.writeLong(place[1]);
      table.writeInt(0);
      Samples.replace(disk, FILE, container(table.toByteArray()));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("%s", Arrays.toString(place))
          .isThrownBy(() -> SegmentContainer.open(disk, FILE, NUMBER).close())
          .withMessageContaining("leads outside");
    }
  }

  @Test
  void tablesWithMorePartsThanBytesAreRefused() throws IOException {
    for (int count : new int[] {-1, 1, Integer.MAX_VALUE}) {
      CheckedWriter table = new CheckedWriter();
      table.writeInt(count);
      Samples.replace(disk, FILE, container(table.toByteArray()));
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> SegmentContainer.open(disk, FILE, NUMBER).close())
          .withMessageContaining("a length of " + count);
    }
  }

  /// A file with 128 bytes before the table, all checksums right.
  private static byte[] container(byte[] table) {
    ByteBuffer bytes = ByteBuffer.allocate(128 + table.length + 24).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(NUMBER).putLong(128).flip());
    crc.update(table);
    bytes.putLong(0, MAGIC).putLong(8, NUMBER).position(128);
    bytes.put(table).putLong(128).putInt(table.length).putInt((int) crc.getValue()).putLong(MAGIC);
    return bytes.array();
  }

  @Test
  void theContainerOfAnotherSegmentIsRefused() throws IOException {
    write();
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> SegmentContainer.open(disk, FILE, 2).close())
        .withMessageContaining("it is segment 1, and should be segment 2");
    // Also where somebody changed the number in the file: the checksums know it.
    byte[] bytes = Samples.bytes(disk, FILE);
    bytes[8] = 2;
    Samples.replace(disk, FILE, bytes);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> SegmentContainer.open(disk, FILE, 2).close())
        .withMessageContaining("the checksum of the table differs");
  }

  /// Equal bytes at two places have two checksums.
  @Test
  void partsFitNoOtherPlace() throws IOException {
    int[] sums = new int[2];
    for (int i = 0; i < 2; i++) {
      disk.delete(FILE);
      try (SegmentContainer.Writer out = SegmentContainer.create(disk, FILE, NUMBER)) {
        for (int part = 0; part <= i; part++) {
          out.part("part" + part, sink -> sink.write(ByteBuffer.wrap(bytes(64, 1))));
        }
        out.commit();
      }
      byte[] file = Samples.bytes(disk, FILE);
      ByteBuffer end = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      sums[i] = end.getInt(file.length - 24 - 4); // of the last part
    }
    assertThat(sums[0]).isNotEqualTo(sums[1]);
  }

  /// As it was written before checksums knew their segment and their place.
  @Test
  void containersOfTheFirstFormatAreRead() throws IOException {
    byte[] part = bytes(100, 1);
    CRC32C crc = new CRC32C();
    crc.update(part);
    CheckedWriter table = new CheckedWriter();
    table.writeInt(1);
    table.writeString("part");
    table.writeLong(64);
    table.writeLong(part.length);
    table.writeInt((int) crc.getValue());
    byte[] entries = table.toByteArray();
    crc.reset();
    crc.update(entries);
    ByteBuffer file = ByteBuffer.allocate(164 + entries.length + 24).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(0, OLD_MAGIC).put(64, part).position(164);
    file.put(entries).putLong(164).putInt(entries.length).putInt((int) crc.getValue());
    file.putLong(OLD_MAGIC);
    Samples.replace(disk, FILE, file.array());
    try (SegmentContainer in = SegmentContainer.open(disk, FILE, 7)) {
      assertThat(in.part("part").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(part);
      in.verify(_ -> {});
    }
    for (int at : new int[] {9, 70, 166}) {
      Samples.replace(disk, FILE, Samples.flipped(file.array(), 8L * at));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("byte %d", at)
          .isThrownBy(
              () -> {
                try (SegmentContainer in = SegmentContainer.open(disk, FILE, 7)) {
                  in.verify(_ -> {});
                }
              });
    }
  }

  @Test
  void withoutCommitNothingIsLeft() throws IOException {
    try (SegmentContainer.Writer out = SegmentContainer.create(disk, FILE, NUMBER)) {
      out.part("first", new CheckedWriter());
      assertThat(disk.exists(FILE)).isFalse();
    }
    assertThat(disk.list(FOLDER)).isEmpty();
  }

  @Test
  void contentThatFailsLeavesNothing() throws IOException {
    assertThatIOException()
        .isThrownBy(
            () -> {
              try (SegmentContainer.Writer out = SegmentContainer.create(disk, FILE, NUMBER)) {
                out.part(
                    "first",
                    sink -> {
                      sink.write(ByteBuffer.allocate(10));
                      throw new IOException("no more");
                    });
              }
            })
        .withMessage("no more");
    assertThat(disk.list(FOLDER)).isEmpty();
  }

  @Test
  void afterAFailureAtAnyPointNothingIsLeftAndTheNextTryWorks() throws IOException {
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk faulty = new FaultyDisk();
      faulty.createFolders(FOLDER);
      faulty.failAt(faulty.operations() + n);
      isDone = true;
      try {
        write(faulty);
      } catch (IOException e) {
        isDone = false;
        faulty.failAt(0);
        assertThat(faulty.list(FOLDER)).as("operation %d", n).doesNotContain("segment-1.tmp");
      }
      faulty.failAt(0);
      if (!isDone) {
        write(faulty);
      }
      try (SegmentContainer in = SegmentContainer.open(faulty, FILE, NUMBER)) {
        assertThat(in.part("first").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(100, 1));
      }
    }
  }

  @Test
  void committedContainersSurviveACrashAndOthersAreWholeOrAbsent() throws IOException {
    Seed seed = Seed.next();
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk faulty = new FaultyDisk();
      faulty.createFolders(FOLDER);
      faulty.crashAt(faulty.operations() + n);
      try {
        write(faulty);
        isDone = true;
      } catch (IOException e) {
        assertThat(faulty.hasCrashed()).isTrue();
      }
      for (Unforced unforced : Unforced.values()) {
        Disk after = faulty.afterCrash(unforced, seed.random());
        assertThat(after.exists(FILE) || !isDone).as("%s, operation %d", seed, n).isTrue();
        if (after.exists(FILE)) {
          try (SegmentContainer in = SegmentContainer.open(after, FILE, NUMBER)) {
            assertThat(in.part("second").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(33, 2));
          }
        }
      }
    }
  }

  private void write() throws IOException {
    write(disk);
  }

  private static void write(Disk disk) throws IOException {
    try (SegmentContainer.Writer out = SegmentContainer.create(disk, FILE, NUMBER)) {
      out.part("first", sink -> sink.write(ByteBuffer.wrap(bytes(100, 1))));
      out.part("second", sink -> sink.write(ByteBuffer.wrap(bytes(33, 2))));
      out.commit();
    }
  }

  private static byte[] bytes(int count, int first) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (first + 31 * i);
    }
    return bytes;
  }
}
