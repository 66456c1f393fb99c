package io.capsdb.formats;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.vector.BinaryProjection;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Files of binary codes, `NAME.codes`.
///
/// Little-endian:
///
/// | bytes | what |
/// |---|---|
/// | 8 | `CAPSCODE` |
/// | … | the projection, as [BinaryProjection] tells |
/// | 4 | CRC32C of all before |
public final class CodeFile {
  private static final byte[] MAGIC = "CAPSCODE".getBytes(StandardCharsets.US_ASCII);

  private CodeFile() {}

  public static void write(Disk disk, Path file, BinaryProjection projection) throws IOException {
    CheckedWriter out = new CheckedWriter();
    for (byte b : MAGIC) {
      out.writeByte(b);
    }
    projection.write(out);
    CRC32C checksum = new CRC32C();
    checksum.update(out.toByteArray());
    out.writeInt((int) checksum.getValue());
    try (FileOutput written = FileOutput.create(disk, file)) {
      written.write(out.toByteArray());
      written.commit();
    }
  }

  /// @throws FormatException if it is no such file, damaged, or of another version
  public static BinaryProjection read(Disk disk, Path file) throws IOException {
    String name = String.valueOf(file);
    if (!disk.exists(file)) {
      throw new FormatException(name, "file", "there is no such file");
    }
    byte[] bytes;
    try (InputStream in = disk.read(file)) {
      bytes = in.readAllBytes();
    }
    if (bytes.length < 16 || !Arrays.equals(bytes, 0, 8, MAGIC, 0, 8)) {
      throw new FormatException(name, "byte 0", "it does not begin as a file of codes does");
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length - 4);
    MemorySegment all = MemorySegment.ofArray(bytes);
    int stored = new CheckedReader(name, 0, all.asSlice(bytes.length - 4L)).readInt();
    if (stored != (int) checksum.getValue()) {
      throw new FormatException(name, "end", "its checksum does not fit: it is damaged or cut off");
    }
    try {
      return BinaryProjection.read(new CheckedReader(name, 8, all.asSlice(8, bytes.length - 12L)));
    } catch (CorruptFileException e) {
      throw new FormatException(name, "byte " + e.offset(), String.valueOf(e.getMessage()));
    }
  }
}
