package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/// A small file that is replaced as a whole: after a crash it is the old one or the new one.
///
/// | bytes | what |
/// |---|---|
/// | 8 | magic |
/// | 4 | length of the content |
/// | 4 | CRC32C of the content |
/// | … | content |
final class AtomicFile {
  private static final int HEADER = 16;
  private static final int MAX_BYTES = 1 << 30;

  private AtomicFile() {}

  /// The bytes of such a file.
  static byte[] bytes(long magic, byte[] content) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + content.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(magic).putInt(content.length).putInt(Checksums.of(content)).put(content);
    return bytes.array();
  }

  static void write(Disk disk, Path file, long magic, byte[] content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".tmp");
    disk.delete(aside);
    try (Disk.AppendFile out = disk.create(aside)) {
      out.write(ByteBuffer.wrap(bytes(magic, content)));
      out.force();
    }
    disk.rename(aside, file);
    disk.forceFolder(java.util.Objects.requireNonNull(file.getParent()));
  }

  /// Empty when there is no such file.
  ///
  /// @throws CorruptFileException if the bytes are not what was written
  static Optional<CheckedReader> read(Disk disk, Path file, long magic) throws IOException {
    if (!disk.exists(file)) {
      return Optional.empty();
    }
    byte[] bytes;
    try (InputStream in = disk.read(file)) {
      bytes = in.readNBytes(MAX_BYTES);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String name = file.toString();
    if (bytes.length < HEADER || buffer.getLong(0) != magic) {
      throw new CorruptFileException(name, 0, "it does not begin as such a file does");
    }
    if (buffer.getInt(8) != bytes.length - HEADER) {
      throw new CorruptFileException(name, 8, "the length is not that of the file");
    }
    byte[] content = java.util.Arrays.copyOfRange(bytes, HEADER, bytes.length);
    if (buffer.getInt(12) != Checksums.of(content)) {
      throw new CorruptFileException(name, HEADER, "the checksum differs");
    }
    return Optional.of(new CheckedReader(name, HEADER, MemorySegment.ofArray(content)));
  }
}
