package io.capsdb.storage;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/// The files of a collection at one moment, one after the other in one file.
///
/// | bytes | what |
/// |---|---|
/// | 8 | magic |
/// | 4 | format, 1 |
/// | 4, … | length of the description, and the description, as the engine writes it |
/// | 4 | CRC32C of all so far |
/// | … | each file: 1 (1 byte), length of the name (4), name, length of the content (8), |
/// |   | CRC32C of these (4), content, CRC32C of the content (4) |
/// | … | 2 (1 byte), number of files (4), CRC32C of all checksums of contents (4) |
///
/// An archive holds regular files with plain names and nothing else: no folders, links or devices.
/// What is read is trusted in nothing.
public final class SnapshotArchive {
  private static final long MAGIC = 0x31504e5353504143L; // "CAPSSNP1"
  private static final int FORMAT = 1;
  private static final int PREFIX = 16;
  private static final int MAX_DESCRIPTION = 64 << 20;
  private static final int MAX_NAME = 64;
  private static final int MAX_FILES = 100_000;
  private static final int PIECE = 1 << 20;
  private static final byte FILE = 1;
  private static final byte END = 2;

  private SnapshotArchive() {}

  /// Writes an archive. Not for more than one thread.
  public static final class Writer implements Closeable {
    private final Disk.AppendFile out;
    private final CRC32C all = new CRC32C();
    private int count;

    /// Begins an archive in a new file.
    ///
    /// @param description what [SnapshotArchive#unpack] answers
    public Writer(Disk disk, Path file, byte[] description) throws IOException {
      this.out = disk.create(file);
      try {
        ByteBuffer head = buffer(PREFIX + description.length + 4);
        head.putLong(MAGIC).putInt(FORMAT).putInt(description.length).put(description);
        head.putInt(checksum(head, head.position()));
        out.write(head.flip());
      } catch (IOException e) {
        out.close();
        throw e;
      }
    }

    /// Adds a file.
    ///
    /// @param length bytes that are taken from `content`
    /// @throws EOFException if there are fewer
    public void file(String name, long length, InputStream content) throws IOException {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      ByteBuffer head = buffer(1 + 4 + text.length + 8 + 4);
      head.put(FILE).putInt(text.length).put(text).putLong(length);
      head.putInt(checksum(head, head.position()));
      out.write(head.flip());
      int crc = copy(content, length, out);
      ByteBuffer tail = buffer(4).putInt(crc).flip();
      out.write(tail);
      update(all, crc);
      count++;
    }

    /// Ends the archive; it is durable afterwards, but for its name.
    public void commit() throws IOException {
      ByteBuffer end = buffer(9).put(END).putInt(count).putInt((int) all.getValue());
      out.write(end.flip());
      out.force();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /// Asked before each file is unpacked.
  @FunctionalInterface
  public interface Room {
    /// @throws IOException if so many bytes more are not to be written
    void require(long bytes) throws IOException;
  }

  /// Unpacks an archive into an empty folder and makes all of it durable, but for the name of the
  /// folder.
  ///
  /// @param name for error messages
  /// @param allowed a regular expression that each file name must match; it must let no separator
  ///     through
  /// @param maxBytes most bytes of all files together
  /// @param room on the disk, whatever else is written to it meanwhile
  /// @return the description
  /// @throws CorruptFileException if the archive is damaged, of another kind, or holds what is not
  ///     allowed; files may be left in the folder then
  public static byte[] unpack(
      String name, InputStream in, Disk disk, Path folder, String allowed, long maxBytes, Room room)
      throws IOException {
    return new Unpacking(name, in, Optional.of(disk), folder, allowed, maxBytes, room).run();
  }

  /// Reads an archive to its end and unpacks nothing.
  ///
  /// @throws CorruptFileException as [#unpack] does
  public static void verify(String name, InputStream in, String allowed) throws IOException {
    new Unpacking(name, in, Optional.empty(), Path.of(""), allowed, Long.MAX_VALUE, _ -> {}).run();
  }

  /// Forgets what is written.
  private static final class Nowhere implements Disk.AppendFile {
    private long position;

    @Override
    public long position() {
      return position;
    }

    @Override
    public void write(ByteBuffer bytes) {
      position += bytes.remaining();
      bytes.position(bytes.limit());
    }

    @Override
    public void force() {}

    @Override
    public void close() {}
  }

  private static final class Unpacking {
    private final String archive;
    private final InputStream in;
    private final Optional<Disk> disk;
    private final Path folder;
    private final String allowed;
    private final Room room;
    private long left;
    private long position;

    Unpacking(
        String archive,
        InputStream in,
        Optional<Disk> disk,
        Path folder,
        String allowed,
        long maxBytes,
        Room room) {
      this.archive = archive;
      this.in = in;
      this.disk = disk;
      this.folder = folder;
      this.allowed = allowed;
      this.left = maxBytes;
      this.room = room;
    }

    byte[] run() throws IOException {
      byte[] description = description();
      CRC32C all = new CRC32C();
      Set<String> names = new HashSet<>();
      while (true) {
        byte kind = take(1).get();
        if (kind == END) {
          ByteBuffer end = take(8);
          if (end.getInt() != names.size() || end.getInt() != (int) all.getValue()) {
            throw corrupt("its end does not fit what stands before");
          }
          if (in.read() >= 0) {
            throw corrupt("something follows its end");
          }
          if (disk.isPresent()) {
            disk.get().forceFolder(folder);
          }
          return description;
        }
        if (kind != FILE) {
          throw corrupt("a file or the end was expected");
        }
        update(all, file(names));
      }
    }

    private byte[] description() throws IOException {
      ByteBuffer head = take(PREFIX);
      if (head.getLong() != MAGIC) {
        throw corrupt("it does not begin as a snapshot does");
      }
      int format = head.getInt();
      if (format != FORMAT) {
        throw corrupt("snapshot of format " + format + ", this version reads " + FORMAT);
      }
      int length = head.getInt();
      if (length < 0 || length > MAX_DESCRIPTION) {
        throw corrupt("its description has " + length + " bytes");
      }
      ByteBuffer description = take(length);
      ByteBuffer whole = buffer(PREFIX + length).put(head.rewind()).put(description);
      if (take(4).getInt() != checksum(whole, PREFIX + length)) {
        throw corrupt("the checksum of its description differs");
      }
      return bytes(description);
    }

    /// Unpacks one file; answers the checksum of its content.
    private int file(Set<String> names) throws IOException {
      int nameLength = take(4).getInt();
      if (nameLength < 1 || nameLength > MAX_NAME) {
        throw corrupt("a file name has " + nameLength + " bytes");
      }
      ByteBuffer text = take(nameLength);
      long length = take(8).getLong();
      ByteBuffer head = buffer(1 + 4 + nameLength + 8);
      head.put(FILE).putInt(nameLength).put(text).putLong(length);
      if (take(4).getInt() != checksum(head, head.position())) {
        throw corrupt("the checksum before a file differs");
      }
      String name = new String(bytes(text), StandardCharsets.UTF_8);
      if (!name.matches(allowed)) {
        throw corrupt("it holds a file that no collection has");
      }
      if (!names.add(name) || names.size() > MAX_FILES) {
        throw corrupt("it holds " + name + " twice, or too many files");
      }
      if (length < 0 || length > left) {
        throw corrupt("file " + name + " has " + length + " bytes, " + left + " are allowed");
      }
      left -= length;
      room.require(length);
      int crc;
      try (Disk.AppendFile out =
          disk.isPresent() ? disk.get().create(folder.resolve(name)) : new Nowhere()) {
        crc = copy(in, length, out);
        out.force();
      } catch (EOFException e) {
        throw corrupt("it ends within " + name);
      }
      position += length;
      if (take(4).getInt() != crc) {
        throw corrupt("the checksum of " + name + " differs");
      }
      return crc;
    }

    private ByteBuffer take(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw corrupt("it ends too early");
      }
      position += length;
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private CorruptFileException corrupt(String what) {
      return new CorruptFileException(archive, position, what);
    }
  }

  /// Copies; answers the checksum.
  private static int copy(InputStream in, long length, Disk.AppendFile out) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] piece = new byte[(int) Math.min(PIECE, Math.max(1, length))];
    for (long left = length; left > 0; ) {
      int read = in.readNBytes(piece, 0, (int) Math.min(piece.length, left));
      if (read == 0) {
        throw new EOFException("the file has " + (length - left) + " bytes, not " + length);
      }
      crc.update(piece, 0, read);
      out.write(ByteBuffer.wrap(piece, 0, read));
      left -= read;
    }
    return (int) crc.getValue();
  }

  private static ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// All of a buffer, wherever its position is.
  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.limit()];
    buffer.get(0, bytes);
    return bytes;
  }

  private static int checksum(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, length));
    return (int) crc.getValue();
  }

  private static void update(CRC32C crc, int value) {
    crc.update(buffer(4).putInt(value).flip());
  }
}
