package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
  /// Its last digit, the version, differs from those before, 1 and 2, in two bits.
  static final long MAGIC = 0x34474f4c53504143L; // "CAPSLOG4"

  static final int FILE_HEADER = 24;
  static final int FRAME_HEADER = 20;

  /// The magic without the version.
  private static final long MAGIC_BITS = (1L << 56) - 1;

  private static final int VERSION_SHIFT = 56;
  private static final int VERSION = 4;

  /// Of files before these had the identity of their collection.
  private static final int OLD_FILE_HEADER = 16;

  /// Of files before frames told how far the file was durable. These were never forced later than
  /// the next frame was written.
  private static final int FIRST_VERSION_FRAME_HEADER = 12;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Disk disk;
  private final Path folder;
  private final long identity;
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
  /// @param isOld whether the file is of a format before
  /// @param isMarked whether the last frame is the mark of a log that was closed
  record Tail(long number, long end, long size, int chain, boolean isOld, boolean isMarked) {}

  /// A file, mapped.
  private record Bytes(MemorySegment all, int version, long identity) {
    long size() {
      return all.byteSize();
    }

    int headerLength() {
      return version == 1 ? FIRST_VERSION_FRAME_HEADER : FRAME_HEADER;
    }

    /// Of the file.
    long number() {
      return all.get(LONG, 8);
    }

    int length(long at) {
      return all.get(INT, at);
    }

    /// Where the frame at a place ends.
    long end(long at) {
      return at + headerLength() + length(at);
    }

    /// How far the file was durable when the frame at a place was written.
    long forced(long at) {
      return version == 1 ? at : all.get(LONG, at + 4);
    }

    boolean hasHead(long at) {
      if (at > size() - headerLength() || length(at) < (version == 1 ? 1 : 0)) {
        return false;
      }
      return switch (version) {
        case 1 -> all.get(INT, at + 4) == Checksums.of(length(at));
        case 2 -> all.get(INT, at + 12) == headSum(length(at), forced(at), number(), at);
        default -> all.get(INT, at + 12) == headSum(length(at), forced(at), number(), at, identity);
      };
    }

    boolean hasWholeFrame(long at) {
      return hasHead(at) && end(at) <= size();
    }

    int contentSum(long at) {
      return all.get(INT, at + headerLength() - 4);
    }

    byte[] content(long at) {
      return all.asSlice(at + headerLength(), length(at)).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// The checksum of the head of a frame; it fits no other place, no other file and no other
  /// collection.
  static int headSum(int length, long forced, long number, long at, long identity) {
    CRC32C crc = headBegun(length, forced, number, at);
    crc.update(ByteBuffer.allocate(8).putLong(0, identity));
    return (int) crc.getValue();
  }

  /// The same before files had an identity.
  static int headSum(int length, long forced, long number, long at) {
    return (int) headBegun(length, forced, number, at).getValue();
  }

  private static CRC32C headBegun(int length, long forced, long number, long at) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(28).putInt(length).putLong(forced).putLong(number).putLong(at).flip());
    return crc;
  }

  /// @param identity of the collection
  LogReplay(Disk disk, Path folder, long identity, long firstLog, Consumer<LogRecord> replay) {
    this.disk = disk;
    this.folder = folder;
    this.identity = identity;
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
    // Mapped: a file can be larger than an array.
    try (Arena arena = Arena.ofConfined()) {
      return file(path.toString(), disk.map(path, arena), number, isLast);
    } catch (InternalError e) {
      // What a mapping throws whose bytes the disk does not give.
      throw new CorruptFileException(path.toString(), 0, "it cannot be read: " + e.getMessage());
    }
  }

  private Tail file(String name, MemorySegment all, long number, boolean isLast) {
    int version = version(name, all, number);
    if (version == 0) {
      // A file is named by nobody before its header is durable, unless it is the very first.
      if (isLast && all.byteSize() <= FILE_HEADER && (number > firstLog || firstLog == 0)) {
        return new Tail(number, 0, all.byteSize(), 0, false, false);
      }
      throw new CorruptFileException(name, 0, "it does not begin as log " + number + " does");
    }
    Bytes file = new Bytes(all, version, identity);
    long at = version == VERSION ? FILE_HEADER : OLD_FILE_HEADER;
    int chain = 0;
    boolean isMarked = false;
    while (at < file.size()) {
      Optional<byte[]> content = frame(file, at, chain);
      if (content.isEmpty()) {
        if (!isLast || (version == 1 ? isFollowed(file, at) : isDurable(file, at))) {
          throw new CorruptFileException(name, at, "a frame is damaged that was durable");
        }
        break;
      }
      chain = chained(chain, content.get());
      isMarked = content.get().length == 0;
      if (!isMarked) {
        give(name, at + file.headerLength(), content.get());
      }
      at = file.end(at);
    }
    return new Tail(number, at, file.size(), chain, version < VERSION, isMarked);
  }

  /// The version of a file that begins as this log does; 0 where it does not.
  ///
  /// @throws CorruptFileException if it is of a newer version or another collection
  private int version(String name, MemorySegment all, long number) {
    if (all.byteSize() < OLD_FILE_HEADER) {
      return 0;
    }
    long magic = all.get(LONG, 0);
    int version = (int) (magic >>> VERSION_SHIFT) - '0';
    if ((magic & MAGIC_BITS) != (MAGIC & MAGIC_BITS) || version < 1 || version == 3) {
      return 0;
    }
    if (version > VERSION) {
      throw new CorruptFileException(
          name, 7, "log of format " + version + ", this version reads 1, 2 and " + VERSION);
    }
    boolean isCut = version == VERSION && all.byteSize() < FILE_HEADER;
    if (isCut || all.get(LONG, 8) != number) {
      return 0;
    }
    if (version == VERSION && all.get(LONG, OLD_FILE_HEADER) != identity) {
      throw new CorruptFileException(name, OLD_FILE_HEADER, "it is a log of another collection");
    }
    return version;
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
  private static Optional<byte[]> frame(Bytes file, long at, int chain) {
    if (!file.hasWholeFrame(at)) {
      return Optional.empty();
    }
    byte[] content = file.content(at);
    return file.contentSum(at) == chained(chain, content) ? Optional.of(content) : Optional.empty();
  }

  /// Whether the frame at a place, which is not intact, was durable: a later one says so.
  private static boolean isDurable(Bytes file, long at) {
    for (long later = at + 1; later <= file.size() - FRAME_HEADER; later++) {
      if (file.hasHead(later) && file.forced(later) > at && file.forced(later) <= later) {
        return true;
      }
    }
    return false;
  }

  /// Whether another frame was written after the one at a place, which is not intact, in a file of
  /// the first version. If its length can be trusted, that tells. Otherwise some later place must
  /// look like the head of a whole frame, with the end or another head behind it.
  private static boolean isFollowed(Bytes file, long at) {
    if (file.hasHead(at)) {
      return file.end(at) < file.size();
    }
    for (long later = at + 1; later <= file.size() - FIRST_VERSION_FRAME_HEADER; later++) {
      if (file.hasWholeFrame(later)) {
        long next = file.end(later);
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
