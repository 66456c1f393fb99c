package io.capsdb.server.evaluate;

import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/// The rows of an `ivecs` file: each an int32 count, then as many int32, little-endian. Not for
/// more than one thread.
final class IntRows implements Closeable {
  private static final int MAX_COUNT = 1 << 20;

  private final Path file;
  private final InputStream in;
  private long next;

  IntRows(Disk disk, Path file) throws IOException {
    this.file = file;
    this.in = new BufferedInputStream(disk.read(file), 1 << 16);
  }

  Optional<int[]> next() throws IOException {
    byte[] head = in.readNBytes(4);
    if (head.length == 0) {
      return Optional.empty();
    }
    int count =
        head.length < 4 ? -1 : ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (count < 0 || count > MAX_COUNT) {
      throw new FormatException(file.toString(), "row " + next, "it has no sound number of values");
    }
    byte[] bytes = in.readNBytes(4 * count);
    if (bytes.length < 4 * count) {
      throw new FormatException(file.toString(), "row " + next, "the file ends inside it");
    }
    int[] values = new int[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    next++;
    return Optional.of(values);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
