package io.capsdb.formats;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A file that a test makes byte by byte, and the rows that stand in it.
final class SampleFile {
  private final String name;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Expected> rows = new ArrayList<>();

  /// @param end of the row in the file
  @SuppressWarnings("ArrayRecordComponent") // compared by the test
  record Expected(
      long line,
      Optional<PointId> id,
      float @Nullable [] vector,
      Payload payload,
      boolean isRejected,
      int end) {}

  SampleFile(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  List<Expected> rows() {
    return rows;
  }

  SampleFile raw(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  SampleFile raw(byte[] values) {
    bytes.writeBytes(values);
    return this;
  }

  SampleFile text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The last `count` bytes of a number, in an order.
  SampleFile number(long value, int count, ByteOrder order) {
    byte[] eight = ByteBuffer.allocate(8).order(order).putLong(value).array();
    bytes.write(eight, order == ByteOrder.LITTLE_ENDIAN ? 0 : 8 - count, count);
    return this;
  }

  /// Says that a row ends here.
  SampleFile row(
      long line, Optional<PointId> id, float @Nullable [] vector, Payload payload, boolean isGood) {
    rows.add(new Expected(line, id, vector, payload, !isGood, bytes.size()));
    return this;
  }

  /// Says that a row that is nothing but a vector ends here; it is rejected if not finite.
  SampleFile vector(float[] vector) {
    boolean isGood = true;
    for (float value : vector) {
      isGood &= Float.isFinite(value);
    }
    return row(rows.size() + 1, Optional.empty(), vector, Payload.empty(), isGood);
  }

  static byte[] packed(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
