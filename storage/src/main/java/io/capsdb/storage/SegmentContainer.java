package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/// One immutable file of named, checksummed parts; what is in them, their readers know.
///
/// | bytes | what |
/// |---|---|
/// | 8 | magic |
/// | 8 | number of the segment |
/// | … | parts, each beginning at a multiple of 64 bytes |
/// | … | table: number of parts, then each: name, offset, length, CRC32C |
/// | 8 | offset of the table |
/// | 4 | length of the table |
/// | 4 | CRC32C of the table |
/// | 8 | magic |
///
/// The checksum of a part, and of the table, is that of the number of the segment (8), the place
/// (8) and the bytes, so that bytes which belong into another segment, or elsewhere in this one,
/// fit nowhere. Files with the magic `CAPSSEG1` have no number, and checksums of the bytes alone;
/// they are read.
///
/// A part is verified when it is first asked for. Safe for use by many threads; what was handed out
/// ends with [#close].
public final class SegmentContainer implements Closeable {
  private static final long MAGIC = 0x3247455353504143L; // "CAPSSEG2"
  private static final long OLD_MAGIC = 0x3147455353504143L; // "CAPSSEG1"
  private static final int HEADER = 16;
  private static final int ALIGNMENT = 64;
  private static final int FOOTER = 24;
  private static final ValueLayout.OfInt CHECKSUM =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long PIECE = 1 << 20;

  private final String file;
  private final Sums sums;
  private final Arena arena;
  private final MemorySegment bytes;
  private final int checksum;
  private final Map<String, Part> parts;
  private final Set<String> verified = ConcurrentHashMap.newKeySet();

  private record Part(long offset, long length, int checksum) {}

  /// How the checksums of a file are made.
  ///
  /// @param number of the segment
  /// @param isOld whether they are of bytes alone
  private record Sums(long number, boolean isOld) {
    CRC32C begin(long offset) {
      CRC32C crc = new CRC32C();
      if (!isOld) {
        ByteBuffer place = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        crc.update(place.putLong(number).putLong(offset).flip());
      }
      return crc;
    }

    int of(long offset, MemorySegment bytes) {
      CRC32C crc = begin(offset);
      Checksums.update(crc, bytes);
      return (int) crc.getValue();
    }
  }

  private SegmentContainer(
      String file, Sums sums, Arena arena, MemorySegment bytes, Map<String, Part> parts) {
    this.file = file;
    this.sums = sums;
    this.arena = arena;
    this.bytes = bytes;
    this.parts = parts;
    // Verified when the table was read.
    this.checksum = bytes.get(CHECKSUM, bytes.byteSize() - FOOTER + 12);
  }

  /// Begins a new container; it appears under its name when it is committed.
  ///
  /// @param number of the segment
  public static Writer create(Disk disk, Path file, long number) throws IOException {
    return new Writer(disk, file, number);
  }

  /// @param number of the segment that the file should hold
  /// @throws CorruptFileException if the table cannot be read, or is that of another segment
  public static SegmentContainer open(Disk disk, Path file, long number) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment bytes = disk.map(file, arena);
      String name = file.toString();
      Sums sums = readHeader(name, bytes, number);
      return new SegmentContainer(name, sums, arena, bytes, readTable(name, sums, bytes));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// Bytes of the file.
  public long size() {
    return bytes.byteSize();
  }

  /// The checksum of the table, and by it of all parts: equal for equal files only.
  public int checksum() {
    return checksum;
  }

  /// The names of the parts, in alphabetical order.
  public List<String> parts() {
    return parts.keySet().stream().sorted().toList();
  }

  /// Bytes of all parts whose names begin so.
  public long bytes(String prefix) {
    return parts.entrySet().stream()
        .filter(part -> part.getKey().startsWith(prefix))
        .mapToLong(part -> part.getValue().length())
        .sum();
  }

  public boolean has(String part) {
    return parts.containsKey(part);
  }

  /// The bytes of a part, which begin at a multiple of 64.
  ///
  /// @throws CorruptFileException if the part is missing or its checksum differs
  public MemorySegment part(String name) {
    Part part = require(name);
    MemorySegment slice = bytes.asSlice(part.offset(), part.length());
    if (!verified.contains(name)) {
      if (sums.of(part.offset(), slice) != part.checksum()) {
        throw new CorruptFileException(
            file, part.offset(), "the checksum of part '" + name + "' differs");
      }
      verified.add(name);
    }
    return slice;
  }

  /// Looks at all bytes again, those of parts that were verified before too, and at those between
  /// parts, which are zero.
  ///
  /// @param progress is told how many bytes were looked at since the last time, at most 1 MiB
  /// @throws CorruptFileException if a byte is not as it was written
  public void verify(LongConsumer progress) {
    try {
      long end = sums.isOld() ? Long.BYTES : HEADER;
      for (String name :
          parts.keySet().stream().sorted(Comparator.comparingLong(this::offset)).toList()) {
        Part part = require(name);
        requireZeros(end, part.offset());
        end = part.offset() + part.length();
        CRC32C crc = sums.begin(part.offset());
        for (long from = part.offset(); from < end; from += PIECE) {
          long length = Math.min(PIECE, end - from);
          crc.update(bytes.asSlice(from, length).asByteBuffer());
          progress.accept(length);
        }
        if ((int) crc.getValue() != part.checksum()) {
          throw new CorruptFileException(
              file, part.offset(), "the checksum of part '" + name + "' differs");
        }
      }
    } catch (InternalError e) {
      // What a mapping throws whose bytes the disk does not give.
      throw new CorruptFileException(file, 0, "it cannot be read: " + e.getMessage());
    }
  }

  /// Where a part begins in the file.
  public long offset(String part) {
    return require(part).offset();
  }

  private void requireZeros(long from, long end) {
    for (long at = from; at < end; at++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, at) != 0) {
        throw new CorruptFileException(file, at, "there is something between two parts");
      }
    }
  }

  /// A reader over a part.
  ///
  /// @throws CorruptFileException if the part is missing or its checksum differs
  public CheckedReader reader(String name) {
    MemorySegment slice = part(name);
    return new CheckedReader(file + " part '" + name + "'", require(name).offset(), slice);
  }

  @Override
  public void close() {
    arena.close();
  }

  private Part require(String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw new CorruptFileException(file, 0, "part '" + name + "' is missing");
    }
    return part;
  }

  private static Sums readHeader(String file, MemorySegment bytes, long number) {
    long size = bytes.byteSize();
    if (size < HEADER + FOOTER) {
      throw new CorruptFileException(file, size, "it is too short to be a segment");
    }
    ByteBuffer header = bytes.asSlice(0, HEADER).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer end = bytes.asSlice(size - 8, 8).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long magic = header.getLong(0);
    if ((magic != MAGIC && magic != OLD_MAGIC) || end.getLong(0) != magic) {
      throw new CorruptFileException(file, 0, "it is no segment, or of a newer version");
    }
    if (magic == MAGIC && header.getLong(8) != number) {
      throw new CorruptFileException(
          file, 8, "it is segment " + header.getLong(8) + ", and should be segment " + number);
    }
    return new Sums(number, magic == OLD_MAGIC);
  }

  private static Map<String, Part> readTable(String file, Sums sums, MemorySegment bytes) {
    long size = bytes.byteSize();
    ByteBuffer footer =
        bytes.asSlice(size - FOOTER, FOOTER).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long offset = footer.getLong(0);
    int length = footer.getInt(8);
    if (offset < 8 || length < 0 || offset + length != size - FOOTER) {
      throw new CorruptFileException(file, size - FOOTER, "the table is not where it should be");
    }
    MemorySegment table = bytes.asSlice(offset, length);
    if (sums.of(offset, table) != footer.getInt(12)) {
      throw new CorruptFileException(file, offset, "the checksum of the table differs");
    }
    CheckedReader in = new CheckedReader(file, offset, table);
    Map<String, Part> parts = new LinkedHashMap<>();
    int count = in.readLength(24);
    for (int i = 0; i < count; i++) {
      String name = in.readString();
      Part part = new Part(in.readLong(), in.readLong(), in.readInt());
      if (part.offset() < 8 || part.length() < 0 || part.length() > offset - part.offset()) {
        throw in.corrupt("part '" + name + "' leads outside");
      }
      parts.put(name, part);
    }
    return parts;
  }

  /// Writes a container: parts one after the other, then [#commit]. Without it, [#close] leaves
  /// nothing behind. Not for more than one thread.
  public static final class Writer implements Closeable {
    private final Disk disk;
    private final Path file;
    private final Path aside;
    private final Disk.AppendFile out;
    private final Sums sums;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private boolean isCommitted;

    private Writer(Disk disk, Path file, long number) throws IOException {
      this.disk = disk;
      this.file = file;
      this.sums = new Sums(number, false);
      this.aside = file.resolveSibling(file.getFileName() + ".tmp");
      disk.delete(aside);
      this.out = disk.create(aside);
      try {
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        out.write(header.putLong(MAGIC).putLong(number).flip());
      } catch (IOException e) {
        close();
        throw e;
      }
    }

    /// Writes the bytes of one part.
    @FunctionalInterface
    public interface Content {
      void writeTo(Sink sink) throws IOException;
    }

    /// Takes the bytes of one part.
    @FunctionalInterface
    public interface Sink {
      void write(ByteBuffer bytes) throws IOException;
    }

    public void part(String name, CheckedWriter content) throws IOException {
      byte[] all = content.toByteArray();
      part(name, sink -> sink.write(ByteBuffer.wrap(all)));
    }

    /// Adds a part whose bytes come piece by piece.
    public void part(String name, Content content) throws IOException {
      if (parts.containsKey(name)) {
        throw new IllegalArgumentException("part '" + name + "' is there already");
      }
      int gap = (int) (-out.position() & (ALIGNMENT - 1));
      out.write(ByteBuffer.allocate(gap));
      long from = out.position();
      CRC32C crc = sums.begin(from);
      content.writeTo(
          piece -> {
            crc.update(piece.duplicate());
            out.write(piece);
          });
      parts.put(name, new Part(from, out.position() - from, (int) crc.getValue()));
    }

    /// Makes the container durable under its name.
    public void commit() throws IOException {
      CheckedWriter table = new CheckedWriter();
      table.writeInt(parts.size());
      parts.forEach(
          (name, part) -> {
            table.writeString(name);
            table.writeLong(part.offset());
            table.writeLong(part.length());
            table.writeInt(part.checksum());
          });
      byte[] bytes = table.toByteArray();
      ByteBuffer end =
          ByteBuffer.allocate(bytes.length + FOOTER).order(ByteOrder.LITTLE_ENDIAN).put(bytes);
      int checksum = sums.of(out.position(), MemorySegment.ofArray(bytes));
      end.putLong(out.position()).putInt(bytes.length).putInt(checksum).putLong(MAGIC);
      out.write(end.flip());
      out.force();
      out.close();
      disk.rename(aside, file);
      disk.forceFolder(java.util.Objects.requireNonNull(file.getParent()));
      isCommitted = true;
    }

    @Override
    public void close() throws IOException {
      if (isCommitted) {
        return;
      }
      try {
        out.close();
      } finally {
        disk.delete(aside);
      }
    }
  }

  /// A part of whole numbers, one after the other, as an array.
  ///
  /// @throws CorruptFileException if the part is missing, its checksum differs, or it ends inside a
  ///     number
  public int[] ints(String name) {
    MemorySegment slice = part(name);
    if (slice.byteSize() % Integer.BYTES != 0) {
      throw new CorruptFileException(
          file,
          require(name).offset(),
          "part '" + name + "' of " + slice.byteSize() + " bytes holds no whole numbers");
    }
    return slice.toArray(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
  }
}
