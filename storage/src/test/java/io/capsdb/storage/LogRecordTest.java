package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LogRecordTest {
  @RepeatedTest(200)
  void recordsAreReadAsTheyWereWritten() {
    Seed seed = Seed.next();
    LogRecord record = Samples.record(seed.value(), seed.random());
    CheckedReader in = reader(record.toBytes());
    assertSame(seed, LogRecord.read(in), record);
    assertThat(in.remaining()).as("%s", seed).isZero();
  }

  @Test
  void equalRecordsHaveEqualBytes() {
    LogRecord.Entry entry =
        new LogRecord.Entry(
            PointId.of(1),
            Map.of("b", new float[] {1}, "a", new float[] {2}, "c", new float[] {3}),
            Payload.of(Map.of("x", 1)));
    LogRecord.Entry same =
        new LogRecord.Entry(
            PointId.of(1),
            Map.of("c", new float[] {3}, "b", new float[] {1}, "a", new float[] {2}),
            Payload.of(Map.of("x", 1)));
    assertThat(new LogRecord.Upsert(7, List.of(entry)).toBytes())
        .isEqualTo(new LogRecord.Upsert(7, List.of(same)).toBytes());
  }

  @RepeatedTest(20)
  void cutRecordsAreRefused() {
    Seed seed = Seed.next();
    byte[] bytes = Samples.record(1, seed.random()).toBytes();
    for (int length = 0; length < bytes.length; length++) {
      CheckedReader in = reader(java.util.Arrays.copyOf(bytes, length));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("%s, cut at %d of %d", seed, length, bytes.length)
          .isThrownBy(() -> LogRecord.read(in));
    }
  }

  /// The checksums of the log let no such bytes through; what reads them must hold without.
  @RepeatedTest(50)
  void changedRecordsAreReadOrRefusedButNothingElse() {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    byte[] bytes = Samples.record(1, random).toBytes();
    for (int i = 0; i < 200; i++) {
      byte[] changed = bytes.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        LogRecord.read(reader(changed));
      } catch (CorruptFileException e) {
        assertThat(e).as("%s", seed).hasMessageContaining("log, record");
      }
    }
  }

  @Test
  void unknownKindsAreRefused() {
    CheckedWriter out = new CheckedWriter();
    out.writeByte(9);
    out.writeLong(1);
    out.writeInt(0);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> LogRecord.read(reader(out.toByteArray())))
        .withMessageContaining("unknown kind of record");
  }

  @Test
  void countsBeyondTheEndAreRefusedBeforeMemoryIsTaken() {
    for (int kind = 1; kind <= 2; kind++) {
      for (int count : new int[] {-1, 2, 1 << 20, Integer.MAX_VALUE}) {
        CheckedWriter out = new CheckedWriter();
        out.writeByte(kind);
        out.writeLong(1);
        out.writeInt(count);
        out.writeLong(0);
        out.writeLong(0);
        assertThatExceptionOfType(CorruptFileException.class)
            .isThrownBy(() -> LogRecord.read(reader(out.toByteArray())))
            .withMessageContaining("a length of " + count);
      }
    }
  }

  /// Thirty arrays inside each other, each of which claims as many elements as there are bytes
  /// left.
  @Test
  void countsThatClaimAllThatIsLeftTakeNoMoreMemoryThanTheRecord() {
    CheckedWriter out = new CheckedWriter();
    out.writeByte(1);
    out.writeLong(1);
    out.writeInt(1);
    out.writeByte(1);
    out.writeLong(5);
    out.writeInt(0);
    out.writeByte(7);
    out.writeInt(1);
    out.writeString("a");
    int size = 24 << 20;
    for (int i = 0; i < 30; i++) {
      out.writeByte(6);
      out.writeInt(size - out.size() - 4);
    }
    byte[] bytes = java.util.Arrays.copyOf(out.toByteArray(), size);
    bytes[out.size()] = 99;
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> LogRecord.read(reader(bytes)))
        .withMessageContaining("unknown tag");
  }

  static void assertSame(Object seed, LogRecord read, LogRecord written) {
    // Entries hold arrays, so that they are compared by their bytes.
    assertThat(read.toBytes()).as("%s", seed).isEqualTo(written.toBytes());
    assertThat(read.getClass()).isEqualTo(written.getClass());
    assertThat(read.sequence()).isEqualTo(written.sequence());
    if (read instanceof LogRecord.Upsert(_, List<LogRecord.Entry> entries)
        && written instanceof LogRecord.Upsert(_, List<LogRecord.Entry> expected)) {
      for (int i = 0; i < expected.size(); i++) {
        LogRecord.Entry entry = entries.get(i);
        assertThat(entry.id()).as("%s", seed).isEqualTo(expected.get(i).id());
        assertThat(entry.payload()).as("%s", seed).isEqualTo(expected.get(i).payload());
        assertThat(entry.vectors().keySet()).isEqualTo(expected.get(i).vectors().keySet());
        assertThat(entry.sparse()).as("%s", seed).isEqualTo(expected.get(i).sparse());
      }
    } else {
      assertThat(read).as("%s", seed).isEqualTo(written);
    }
  }

  private static CheckedReader reader(byte[] bytes) {
    return new CheckedReader("log, record", 0, MemorySegment.ofArray(bytes));
  }
}
