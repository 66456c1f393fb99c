package io.capsdb.formats;

import io.capsdb.io.Disk;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// An npy file of float32 vectors (version 1.0, C order), packed if its name ends with `.gz`.
///
/// Its head says how many rows there are, so rows lie aside as `NAME.rows` until [#commit];
/// [#close] deletes that. Needs twice the space of the file for a moment. Not for more than one
/// thread.
public final class NpyOutput implements AutoCloseable {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /// The head ends at a multiple of it.
  private static final int ALIGNMENT = 64;

  private static final int BUFFER = 1 << 16;

  private final Disk disk;
  private final Path file;
  private final Path aside;
  private final Disk.AppendFile rows;
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private int dimension = -1;
  private long count;

  private NpyOutput(Disk disk, Path file, Path aside, Disk.AppendFile rows) {
    this.disk = disk;
    this.file = file;
    this.aside = aside;
    this.rows = rows;
  }

  /// Begins a file; its folder must be there. What an earlier, broken run left aside is replaced.
  public static NpyOutput create(Disk disk, Path file) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".rows");
    disk.delete(aside);
    return new NpyOutput(disk, file, aside, disk.create(aside));
  }

  /// @throws IllegalArgumentException if the vector is of another dimension than the first
  public void write(float[] vector) throws IOException {
    if (dimension < 0) {
      dimension = vector.length;
      buffer =
          ByteBuffer.allocate(Math.max(BUFFER, Float.BYTES * dimension))
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          "a vector has " + vector.length + " values, the first has " + dimension);
    }
    if (buffer.remaining() < Float.BYTES * dimension) {
      flush();
    }
    buffer.asFloatBuffer().put(vector);
    buffer.position(buffer.position() + Float.BYTES * dimension);
    count++;
  }

  private void flush() throws IOException {
    rows.write(buffer.flip());
    buffer.clear();
  }

  /// Writes the file and gives it its name.
  public void commit() throws IOException {
    flush();
    try (FileOutput out = FileOutput.create(disk, file);
        InputStream in = new BufferedInputStream(disk.read(aside), BUFFER)) {
      out.write(head());
      in.transferTo(out);
      out.commit();
    }
  }

  private byte[] head() {
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': ("
            + count
            + ", "
            + Math.max(0, dimension)
            + "), }";
    int unpadded = MAGIC.length + Short.BYTES + text.length() + 1;
    int length = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer head = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    head.put(MAGIC).putShort((short) (length - MAGIC.length - Short.BYTES));
    head.put(text.getBytes(StandardCharsets.US_ASCII));
    while (head.remaining() > 1) {
      head.put((byte) ' ');
    }
    return head.put((byte) '\n').array();
  }

  @Override
  public void close() throws IOException {
    rows.close();
    disk.delete(aside);
  }
}
