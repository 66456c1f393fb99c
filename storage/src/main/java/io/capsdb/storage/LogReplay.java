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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// Reads the files of a [WriteAheadLog], which draws their format, and gives on each record.
/// Changes nothing.
///
/// Each append is forced before the next one begins, so at most one frame, the last of the last
/// file, can be torn. All else that does not fit is damage. What cannot be told apart is damage in
/// that very last frame and a frame that was never acknowledged: both are passed over.
final class LogReplay {
  static final long MAGIC = 0x31474f4c53504143L; // "CAPSLOG1"
  static final int FILE_HEADER = 16;
  static final int FRAME_HEADER = 12;

  private final Disk disk;
  private final Path folder;
  private final long firstLog;
  private final Consumer<LogRecord> replay;
  private boolean isAfterRecord;
  private long lastSequence;

  /// Where the intact frames of the last file end.
  ///
  /// @param number of the file
  /// @param end of its intact frames; 0 when there is no whole header
  /// @param size of the file; above `end` when its tail is torn
  /// @param chain checksum of the last frame
  record Tail(long number, long end, long size, int chain) {}

  LogReplay(Disk disk, Path folder, long firstLog, Consumer<LogRecord> replay) {
    this.disk = disk;
    this.folder = folder;
    this.firstLog = firstLog;
    this.replay = replay;
  }

  /// Reads all files from the first one on.
  ///
  /// @throws CorruptFileException if a file is missing, or damaged elsewhere than at its torn tail
  Tail run() throws IOException {
    List<Long> numbers = WriteAheadLog.numbers(disk, folder);
    numbers.removeIf(old -> old < firstLog);
    Tail tail = new Tail(firstLog, 0, 0, 0);
    long expected = firstLog;
    for (long number : numbers) {
      if (number != expected) {
        break;
      }
      tail = file(number, number == numbers.getLast());
      expected++;
    }
    boolean isWhole = numbers.isEmpty() ? firstLog == 0 : expected == numbers.getLast() + 1;
    if (!isWhole) {
      throw new CorruptFileException(
          WriteAheadLog.path(folder, expected).toString(), 0, "the file is missing");
    }
    return tail;
  }

  private Tail file(long number, boolean isLast) throws IOException {
    Path path = WriteAheadLog.path(folder, number);
    byte[] bytes;
    try (InputStream in = disk.read(path)) {
      bytes = in.readAllBytes();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String name = path.toString();
    boolean isBegun =
        bytes.length >= FILE_HEADER && buffer.getLong(0) == MAGIC && buffer.getLong(8) == number;
    if (!isBegun) {
      // A file is named by nobody before its header is durable, unless it is the very first.
      if (isLast && bytes.length <= FILE_HEADER && (number > firstLog || firstLog == 0)) {
        return new Tail(number, 0, bytes.length, 0);
      }
      throw new CorruptFileException(name, 0, "it does not begin as log " + number + " does");
    }
    int at = FILE_HEADER;
    int chain = 0;
    while (at < bytes.length) {
      Optional<byte[]> content = frame(buffer, at, chain);
      if (content.isEmpty()) {
        if (!isLast || isFollowed(buffer, at)) {
          throw new CorruptFileException(name, at, "a frame is damaged that is not the last");
        }
        break;
      }
      chain = chained(chain, content.get());
      give(name, (long) at + FRAME_HEADER, content.get());
      at += FRAME_HEADER + content.get().length;
    }
    return new Tail(number, at, bytes.length, chain);
  }

  private void give(String name, long at, byte[] content) {
    CheckedReader in = new CheckedReader(name, at, MemorySegment.ofArray(content));
    LogRecord record = LogRecord.read(in);
    if (in.remaining() > 0) {
      throw in.corrupt("the record ends before its frame");
    }
    if (isAfterRecord && record.sequence() != lastSequence + 1) {
      throw new CorruptFileException(
          name, at, "write " + record.sequence() + " follows write " + lastSequence);
    }
    isAfterRecord = true;
    lastSequence = record.sequence();
    replay.accept(record);
  }

  /// The content of the frame at a place, if it is intact.
  private static Optional<byte[]> frame(ByteBuffer bytes, int at, int chain) {
    if (!hasWholeFrame(bytes, at)) {
      return Optional.empty();
    }
    byte[] content = new byte[bytes.getInt(at)];
    bytes.get(at + FRAME_HEADER, content);
    return bytes.getInt(at + 8) == chained(chain, content)
        ? Optional.of(content)
        : Optional.empty();
  }

  /// Whether another frame was written after the one at a place, which is not intact. If its length
  /// can be trusted, that tells. Otherwise some later place must look like the head of a whole
  /// frame, with the end or another head behind it.
  private static boolean isFollowed(ByteBuffer bytes, int at) {
    if (hasHead(bytes, at)) {
      return bytes.getInt(at) < bytes.limit() - at - FRAME_HEADER;
    }
    for (int later = at + 1; later <= bytes.limit() - FRAME_HEADER; later++) {
      if (hasWholeFrame(bytes, later)) {
        int next = later + FRAME_HEADER + bytes.getInt(later);
        if (next == bytes.limit() || hasHead(bytes, next)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean hasWholeFrame(ByteBuffer bytes, int at) {
    return hasHead(bytes, at) && bytes.getInt(at) <= bytes.limit() - at - FRAME_HEADER;
  }

  private static boolean hasHead(ByteBuffer bytes, int at) {
    return at <= bytes.limit() - FRAME_HEADER
        && bytes.getInt(at) > 0
        && bytes.getInt(at + 4) == Checksums.of(bytes.getInt(at));
  }

  /// The checksum of a frame that follows one with the checksum `chain`.
  static int chained(int chain, byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(4).putInt(0, chain));
    crc.update(content);
    return (int) crc.getValue();
  }
}
