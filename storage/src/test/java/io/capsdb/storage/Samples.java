package io.capsdb.storage;

import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Random records, and bytes of files as they lie there.
final class Samples {
  private Samples() {}

  static LogRecord record(long sequence, RandomGenerator random) {
    int count = random.nextInt(5);
    if (random.nextInt(3) == 0) {
      List<PointId> ids = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ids.add(id(random));
      }
      return new LogRecord.Delete(sequence, ids);
    }
    if (random.nextInt(3) == 0) {
      List<LogRecord.Change> changes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        changes.add(new LogRecord.Change(id(random), payload(random)));
      }
      return new LogRecord.Payloads(sequence, changes);
    }
    List<LogRecord.Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, float[]> vectors = new HashMap<>();
      for (int v = random.nextInt(3); v >= 0; v--) {
        float[] vector = new float[random.nextInt(9)];
        for (int d = 0; d < vector.length; d++) {
          vector[d] = Float.intBitsToFloat(random.nextInt());
        }
        vectors.put(v == 0 ? "" : text(random), vector);
      }
      Map<String, SparseVector> sparse = new HashMap<>();
      for (int v = random.nextInt(4) - 2; v > 0; v--) {
        int[] indices = random.ints(random.nextInt(5)).distinct().toArray();
        float[] values = new float[indices.length];
        for (int d = 0; d < values.length; d++) {
          values[d] = random.nextFloat();
        }
        sparse.put(text(random), SparseVector.of(indices, values));
      }
      entries.add(new LogRecord.Entry(id(random), vectors, sparse, payload(random)));
    }
    return new LogRecord.Upsert(sequence, entries);
  }

  static PointId id(RandomGenerator random) {
    return random.nextBoolean()
        ? PointId.of(random.nextLong())
        : PointId.of(new UUID(random.nextLong(), random.nextLong()));
  }

  static Payload payload(RandomGenerator random) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      fields.put(text(random), value(random, 3));
    }
    return Payload.of(fields);
  }

  private static @Nullable Object value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong();
      case 3 -> random.nextDouble(-1e300, 1e300);
      case 4 -> text(random);
      case 5 -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(text(random), value(random, depth - 1));
        }
        yield map;
      }
    };
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.appendCodePoint("aé\u0000\"[.€𝄞".codePoints().toArray()[random.nextInt(8)]);
    }
    return text.toString();
  }

  static byte[] bytes(Disk disk, Path file) throws IOException {
    try (InputStream in = disk.read(file)) {
      return in.readAllBytes();
    }
  }

  /// Makes the file what these bytes say, whatever it was.
  static void replace(Disk disk, Path file, byte[] bytes) throws IOException {
    disk.delete(file);
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
      out.force();
    }
  }

  static byte[] flipped(byte[] bytes, long bit) {
    byte[] copy = bytes.clone();
    copy[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
    return copy;
  }

  /// The bytes of log 0 in the format without an identity.
  static byte[] secondLog(LogRecord... records) {
    ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(0x32474f4c53504143L).putLong(0);
    int chain = 0;
    for (LogRecord record : records) {
      byte[] content = record.toBytes();
      chain = LogReplay.chained(chain, content);
      int at = out.position();
      out.putInt(content.length).putLong(at);
      out.putInt(LogReplay.headSum(content.length, at, 0, at)).putInt(chain).put(content);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /// The bytes of log 0 in the format whose frames do not tell how far the file was durable.
  static byte[] oldLog(LogRecord... records) {
    ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(0x31474f4c53504143L).putLong(0);
    int chain = 0;
    for (LogRecord record : records) {
      byte[] content = record.toBytes();
      chain = LogReplay.chained(chain, content);
      out.putInt(content.length).putInt(Checksums.of(content.length)).putInt(chain).put(content);
    }
    return Arrays.copyOf(out.array(), out.position());
  }
}
