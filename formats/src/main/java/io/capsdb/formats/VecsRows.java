package io.capsdb.formats;

import io.capsdb.point.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;

/// fvecs and bvecs: each row is an int32 dimension, the same in all of them, then that many values,
/// little-endian.
final class VecsRows implements RowSource {
  private final FileInput in;
  private final Element element;
  private final byte[] head = new byte[4];
  private byte[] row = {};
  private long next;

  VecsRows(FileInput in, Element element) {
    this.in = in;
    this.element = element;
  }

  @Override
  public Optional<Row> next() throws IOException {
    int read = in.fill(head);
    if (read == 0) {
      return Optional.empty();
    }
    if (read < 4) {
      throw new FormatException(in.name(), "row " + next, "the file ends inside its dimension");
    }
    int dimension = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (dimension < 1 || dimension > Vectors.MAX_DIMENSION) {
      throw new FormatException(
          in.name(),
          "row " + next,
          "dimension " + dimension + ", must be from 1 to " + Vectors.MAX_DIMENSION);
    }
    int bytes = dimension * element.bytes();
    if (next == 0) {
      row = new byte[bytes];
    } else if (bytes != row.length) {
      throw new FormatException(
          in.name(),
          "row " + next,
          "dimension " + dimension + ", the rows before have " + row.length / element.bytes());
    }
    if (in.fill(row) < bytes) {
      throw new FormatException(in.name(), "row " + next, "the file ends inside it");
    }
    float[] values = element.read(ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN), dimension);
    long number = next++;
    return Optional.of(
        new Row(
            number, number + 1, Optional.empty(), values, Payload.empty(), Vectors.check(values)));
  }

  @Override
  public String file() {
    return in.name();
  }

  @Override
  public OptionalLong rowCount() {
    return in.isPacked() || row.length == 0
        ? OptionalLong.empty()
        : OptionalLong.of(in.size() / (row.length + 4));
  }

  @Override
  public double progress() {
    return in.progress();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
