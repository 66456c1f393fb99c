package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// The log of one collection: numbered files of frames. What was appended and forced survives.
///
/// | bytes | what |
/// |---|---|
/// | 8 | magic |
/// | 8 | number of the file |
/// | … | frames |
///
/// A frame: length of the content (4), CRC32C of the length (4), CRC32C of the content continued
/// from the frame before (4), content. A torn tail of the last file is cut when the log is opened;
/// damage before intact frames is an error.
///
/// For one writer at a time. After a failure to write nothing more is taken: what is durable,
/// opening again decides.
public final class WriteAheadLog implements Closeable {
  private static final long MAGIC = 0x31474f4c53504143L; // "CAPSLOG1"
  private static final int FILE_HEADER = 16;
  private static final int FRAME_HEADER = 12;

  private final Disk disk;
  private final Path folder;
  private long number;
  private Disk.AppendFile file;
  private int chain;
  private boolean isSealed;

  private WriteAheadLog(Disk disk, Path folder, long number, Disk.AppendFile file, int chain) {
    this.disk = disk;
    this.folder = folder;
    this.number = number;
    this.file = file;
    this.chain = chain;
  }

  /// Replays all records from the file `firstLog` on, cuts a torn tail, and goes on after it.
  ///
  /// @param replay is given each record in order
  /// @throws CorruptFileException if frames are damaged that intact ones follow
  public static WriteAheadLog open(
      Disk disk, Path folder, long firstLog, Consumer<LogRecord> replay) throws IOException {
    List<Long> numbers = numbers(disk, folder);
    for (long old : numbers) {
      if (old < firstLog) {
        disk.delete(path(folder, old));
      }
    }
    numbers.removeIf(old -> old < firstLog);
    for (int i = 0; i < numbers.size(); i++) {
      boolean isLast = i == numbers.size() - 1;
      Tail tail = replay(disk, folder, numbers.get(i), isLast, replay);
      if (isLast && tail.end() >= FILE_HEADER) {
        Disk.AppendFile file = disk.append(path(folder, numbers.get(i)), tail.end());
        return new WriteAheadLog(disk, folder, numbers.get(i), file, tail.chain());
      }
    }
    long number = numbers.isEmpty() ? firstLog : numbers.getLast();
    // A file that ends inside its header holds nothing yet.
    disk.delete(path(folder, number));
    return new WriteAheadLog(disk, folder, number, begin(disk, folder, number), 0);
  }

  /// Replays without changing anything, for readers.
  public static void replayOnly(Disk disk, Path folder, long firstLog, Consumer<LogRecord> replay)
      throws IOException {
    List<Long> numbers = numbers(disk, folder);
    numbers.removeIf(old -> old < firstLog);
    for (int i = 0; i < numbers.size(); i++) {
      replay(disk, folder, numbers.get(i), i == numbers.size() - 1, replay);
    }
  }

  /// Number of the file that is written to.
  public long number() {
    return number;
  }

  /// Appends a record and returns when it is durable.
  ///
  /// @throws IOException if it may not be; nothing more is taken then
  public void append(LogRecord record) throws IOException {
    if (isSealed) {
      throw new IOException("the log is sealed after a failure; open the database again");
    }
    byte[] content = record.toBytes();
    int next = chained(chain, content);
    ByteBuffer frame =
        ByteBuffer.allocate(FRAME_HEADER + content.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(content.length).putInt(Checksums.of(content.length)).putInt(next).put(content);
    isSealed = true;
    file.write(frame.flip());
    file.force();
    isSealed = false;
    chain = next;
  }

  /// Goes on in a new file; answers its number.
  public long roll() throws IOException {
    Disk.AppendFile next = begin(disk, folder, number + 1);
    file.close();
    file = next;
    number++;
    chain = 0;
    return number;
  }

  /// Deletes the files before a number.
  public void dropBefore(long first) throws IOException {
    for (long old : numbers(disk, folder)) {
      if (old < first) {
        disk.delete(path(folder, old));
      }
    }
  }

  @Override
  public void close() throws IOException {
    isSealed = true;
    file.close();
  }

  private static Disk.AppendFile begin(Disk disk, Path folder, long number) throws IOException {
    Disk.AppendFile file = disk.create(path(folder, number));
    ByteBuffer header = ByteBuffer.allocate(FILE_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    file.write(header.putLong(MAGIC).putLong(number).flip());
    file.force();
    disk.forceFolder(folder);
    return file;
  }

  /// Where the intact frames of a file end, and the checksum of the last one.
  private record Tail(long end, int chain) {}

  private static Tail replay(
      Disk disk, Path folder, long number, boolean isLast, Consumer<LogRecord> replay)
      throws IOException {
    Path path = path(folder, number);
    byte[] bytes;
    try (InputStream in = disk.read(path)) {
      bytes = in.readAllBytes();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String name = path.toString();
    if (bytes.length < FILE_HEADER) {
      if (isLast) {
        return new Tail(0, 0);
      }
      throw new CorruptFileException(name, bytes.length, "it ends inside its header");
    }
    if (buffer.getLong(0) != MAGIC || buffer.getLong(8) != number) {
      throw new CorruptFileException(name, 0, "it does not begin as log " + number + " does");
    }
    int at = FILE_HEADER;
    int chain = 0;
    while (at < bytes.length) {
      Optional<byte[]> content = frame(buffer, at, chain);
      if (content.isEmpty()) {
        if (!isLast || hasFrameAfter(buffer, at + 1)) {
          throw new CorruptFileException(name, at, "a frame is damaged that others follow");
        }
        break;
      }
      chain = chained(chain, content.get());
      long contentAt = (long) at + FRAME_HEADER;
      replay.accept(
          LogRecord.read(new CheckedReader(name, contentAt, MemorySegment.ofArray(content.get()))));
      at += FRAME_HEADER + content.get().length;
    }
    return new Tail(at, chain);
  }

  /// The content of the frame at a place, if it is intact.
  private static Optional<byte[]> frame(ByteBuffer bytes, int at, int chain) {
    if (!hasLength(bytes, at)) {
      return Optional.empty();
    }
    int length = bytes.getInt(at);
    if (length > bytes.limit() - at - FRAME_HEADER) {
      return Optional.empty();
    }
    byte[] content = new byte[length];
    bytes.get(at + FRAME_HEADER, content);
    return bytes.getInt(at + 8) == chained(chain, content)
        ? Optional.of(content)
        : Optional.empty();
  }

  /// Whether some later place looks like the head of a whole frame: then the bytes before it are no
  /// torn tail.
  private static boolean hasFrameAfter(ByteBuffer bytes, int from) {
    for (int at = from; at <= bytes.limit() - FRAME_HEADER; at++) {
      if (hasLength(bytes, at) && bytes.getInt(at) <= bytes.limit() - at - FRAME_HEADER) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLength(ByteBuffer bytes, int at) {
    return at <= bytes.limit() - FRAME_HEADER
        && bytes.getInt(at) > 0
        && bytes.getInt(at + 4) == Checksums.of(bytes.getInt(at));
  }

  private static int chained(int chain, byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(4).putInt(0, chain));
    crc.update(content);
    return (int) crc.getValue();
  }

  private static List<Long> numbers(Disk disk, Path folder) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String name : disk.list(folder)) {
      if (name.matches("log-[0-9]{12}\\.wal")) {
        numbers.add(Long.parseLong(name.substring(4, 16)));
      }
    }
    return numbers;
  }

  private static Path path(Path folder, long number) {
    return folder.resolve("log-%012d.wal".formatted(number));
  }
}
