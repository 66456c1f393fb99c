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
/// Frames that share a force, or wait for one, can be torn in any order: a later one may be whole
/// and an earlier one not. So each frame tells how far the file was durable when it was written.
/// What does not fit before the furthest such place is damage; behind it, it is the tail of what
/// was never acknowledged, and ends the log. What cannot be told apart, as long as nothing was
/// written afterwards and the log was not closed, is damage in frames of the last force and frames
/// that were never acknowledged.
final class LogReplay {
  static final long MAGIC = 0x32474f4c53504143L; // "CAPSLOG2"
  static final int FILE_HEADER = 16;
  static final int FRAME_HEADER = 20;

  /// Of files before frames told how far the file was durable. These were never forced later than
  /// the next frame was written.
  private static final long OLD_MAGIC = 0x31474f4c53504143L; // "CAPSLOG1"

  private static final int OLD_FRAME_HEADER = 12;

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
  /// @param isOld whether the file is of the format before
  /// @param isMarked whether the last frame is the mark of a log that was closed
  record Tail(long number, long end, long size, int chain, boolean isOld, boolean isMarked) {}

  /// A file in memory.
  private record Bytes(ByteBuffer buffer, long number, boolean isOld) {
    int size() {
      return buffer.limit();
    }

    int headerLength() {
      return isOld ? OLD_FRAME_HEADER : FRAME_HEADER;
    }

    int length(int at) {
      return buffer.getInt(at);
    }

    /// Where the frame at a place ends.
    long end(int at) {
      return (long) at + headerLength() + length(at);
    }

    /// How far the file was durable when the frame at a place was written.
    long forced(int at) {
      return isOld ? at : buffer.getLong(at + 4);
    }

    boolean hasHead(int at) {
      if (at > size() - headerLength() || length(at) < (isOld ? 1 : 0)) {
        return false;
      }
      return isOld
          ? buffer.getInt(at + 4) == Checksums.of(length(at))
          : buffer.getInt(at + 12) == headSum(length(at), forced(at), number, at);
    }

    boolean hasWholeFrame(int at) {
      return hasHead(at) && end(at) <= size();
    }

    int contentSum(int at) {
      return buffer.getInt(at + headerLength() - 4);
    }
  }

  /// The checksum of the head of a frame; it fits no other place and no other file.
  static int headSum(int length, long forced, long number, long at) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(28).putInt(length).putLong(forced).putLong(number).putLong(at).flip());
    return (int) crc.getValue();
  }

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
    Tail tail = new Tail(firstLog, 0, 0, 0, false, false);
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
    boolean isOld = bytes.length >= FILE_HEADER && buffer.getLong(0) == OLD_MAGIC;
    boolean isBegun =
        bytes.length >= FILE_HEADER
            && (isOld || buffer.getLong(0) == MAGIC)
            && buffer.getLong(8) == number;
    if (!isBegun) {
      // A file is named by nobody before its header is durable, unless it is the very first.
      if (isLast && bytes.length <= FILE_HEADER && (number > firstLog || firstLog == 0)) {
        return new Tail(number, 0, bytes.length, 0, false, false);
      }
      throw new CorruptFileException(name, 0, "it does not begin as log " + number + " does");
    }
    Bytes file = new Bytes(buffer, number, isOld);
    int at = FILE_HEADER;
    int chain = 0;
    boolean isMarked = false;
    while (at < bytes.length) {
      Optional<byte[]> content = frame(file, at, chain);
      if (content.isEmpty()) {
        if (!isLast || (isOld ? isFollowed(file, at) : isDurable(file, at))) {
          throw new CorruptFileException(name, at, "a frame is damaged that was durable");
        }
        break;
      }
      chain = chained(chain, content.get());
      isMarked = content.get().length == 0;
      if (!isMarked) {
        give(name, (long) at + file.headerLength(), content.get());
      }
      at += file.headerLength() + content.get().length;
    }
    return new Tail(number, at, bytes.length, chain, isOld, isMarked);
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
  private static Optional<byte[]> frame(Bytes file, int at, int chain) {
    if (!file.hasWholeFrame(at)) {
      return Optional.empty();
    }
    byte[] content = new byte[file.length(at)];
    file.buffer().get(at + file.headerLength(), content);
    return file.contentSum(at) == chained(chain, content) ? Optional.of(content) : Optional.empty();
  }

  /// Whether the frame at a place, which is not intact, was durable: a later one says so.
  private static boolean isDurable(Bytes file, int at) {
    for (int later = at + 1; later <= file.size() - FRAME_HEADER; later++) {
      if (file.hasHead(later) && file.forced(later) > at && file.forced(later) <= later) {
        return true;
      }
    }
    return false;
  }

  /// Whether another frame was written after the one at a place, which is not intact, in a file of
  /// the old format. If its length can be trusted, that tells. Otherwise some later place must look
  /// like the head of a whole frame, with the end or another head behind it.
  private static boolean isFollowed(Bytes file, int at) {
    if (file.hasHead(at)) {
      return file.end(at) < file.size();
    }
    for (int later = at + 1; later <= file.size() - OLD_FRAME_HEADER; later++) {
      if (file.hasWholeFrame(later)) {
        int next = (int) file.end(later);
        if (next == file.size() || file.hasHead(next)) {
          return true;
        }
      }
    }
    return false;
  }

  /// The checksum of a frame that follows one with the checksum `chain`.
  static int chained(int chain, byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(4).putInt(0, chain));
    crc.update(content);
    return (int) crc.getValue();
  }
}
