package io.capsdb.bench.data;

import io.capsdb.formats.FileOutput;
import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads and writes fvecs and ivecs: each row is an int32 count, then that many float32 or int32
/// values, little-endian. Rows may differ in length.
final class VecsFiles {
  private static final int BUFFER = 1 << 16;

  /// No row of a data set is longer; a larger count is a damaged file.
  private static final int MAX_COUNT = 1 << 20;

  private VecsFiles() {}

  static List<int[]> readInts(Disk disk, Path file) throws IOException {
    List<int[]> rows = new ArrayList<>();
    for (ByteBuffer row : read(disk, file)) {
      int[] values = new int[row.remaining() / Integer.BYTES];
      row.asIntBuffer().get(values);
      rows.add(values);
    }
    return rows;
  }

  static List<float[]> readFloats(Disk disk, Path file) throws IOException {
    List<float[]> rows = new ArrayList<>();
    for (ByteBuffer row : read(disk, file)) {
      float[] values = new float[row.remaining() / Float.BYTES];
      row.asFloatBuffer().get(values);
      rows.add(values);
    }
    return rows;
  }

  private static List<ByteBuffer> read(Disk disk, Path file) throws IOException {
    List<ByteBuffer> rows = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(disk.read(file), BUFFER)) {
      byte[] head = new byte[Integer.BYTES];
      for (int got = in.readNBytes(head, 0, 4); got > 0; got = in.readNBytes(head, 0, 4)) {
        int count = got < 4 ? -1 : ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
        String place = "row " + rows.size();
        if (count < 0 || count > MAX_COUNT) {
          throw new FormatException(file.toString(), place, "it has no sound number of values");
        }
        byte[] bytes = in.readNBytes(4 * count);
        if (bytes.length < 4 * count) {
          throw new FormatException(file.toString(), place, "the file ends inside it");
        }
        rows.add(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return rows;
  }

  /// Writes one row after those before.
  static void write(FileOutput out, float[] row) throws IOException {
    byte[] bytes = new byte[4 + 4 * row.length];
    begin(bytes, row.length).asFloatBuffer().put(row);
    out.write(bytes, 0, bytes.length);
  }

  /// Writes one row after those before.
  static void write(FileOutput out, int[] row) throws IOException {
    byte[] bytes = new byte[4 + 4 * row.length];
    begin(bytes, row.length).asIntBuffer().put(row);
    out.write(bytes, 0, bytes.length);
  }

  private static ByteBuffer begin(byte[] bytes, int count) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(count);
  }
}
