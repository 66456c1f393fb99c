package io.capsdb.storage;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The log of one collection: numbered files of frames. What was appended and forced survives.
///
/// | bytes | what |
/// |---|---|
/// | 8 | magic |
/// | 8 | number of the file |
/// | 8 | identity of the collection, [Catalogue.Entry#identity] |
/// | … | frames |
///
/// A frame: length of the content (4), bytes of the file that were durable when it was written
/// (8), CRC32C of these two, the number of the file, the place of the frame and the identity (4),
/// CRC32C of the content continued from the frame before (4), content. A frame without content is
/// the mark of a log that was closed: all before it is durable. Frames that were not durable are
/// cut when the log is opened; damage in those that were, a missing file, and one of another
/// collection are errors. Files of before, which are read, and gone on from in a new file, have no
/// identity; those with the magic `CAPSLOG1` have frames without the second field, too.
///
/// For one writer at a time; another thread may force. After a failure nothing more is taken.
/// After one to write, [#mend] cuts what it left, and the log goes on; after one to force, what
/// is durable only opening again decides.
public final class WriteAheadLog implements Closeable {
  private final Disk disk;
  private final Path folder;
  private final long identity;
  private long number;
  private Disk.AppendFile file;
  private int chain;
  private boolean isSealed;

  /// Whether half a frame may stand behind the last whole one, which ends at `wholeEnd`.
  private boolean isTorn;

  private long wholeEnd;

  /// Whether the last frame is the mark of a log that was closed.
  private boolean isMarked;

  /// Bytes of the file that are durable.
  private volatile long forced;

  /// Apart from the other, which the writing thread sets and takes back.
  private volatile boolean isForceFailed;

  private WriteAheadLog(
      Disk disk, Path folder, long identity, long number, Disk.AppendFile file, int chain) {
    this.disk = disk;
    this.folder = folder;
    this.identity = identity;
    this.number = number;
    this.file = file;
    this.chain = chain;
    this.forced = file.position();
  }

  /// Replays all records from the file `firstLog` on, cuts a torn tail, and goes on after it.
  ///
  /// @param identity of the collection
  /// @param replay is given each record in order
  /// @throws CorruptFileException if frames are damaged that intact ones follow, or a file is
  ///     missing, or is of another collection or a newer version; then nothing is changed
  public static WriteAheadLog open(
      Disk disk, Path folder, long identity, long firstLog, Consumer<LogRecord> replay)
      throws IOException {
    LogReplay.Tail tail = new LogReplay(disk, folder, identity, firstLog, replay).run();
    for (long old : numbers(disk, folder)) {
      if (old < firstLog) {
        disk.delete(path(folder, old));
      }
    }
    long number = tail.number();
    if (tail.end() == 0) {
      disk.delete(path(folder, number));
      return begun(disk, folder, identity, number);
    }
    Disk.AppendFile file = disk.append(path(folder, number), tail.end());
    try {
      // What stood behind a cut must not come back beside new frames, and what is read now must not
      // go: a killed process leaves frames that are written and not forced.
      file.force();
    } catch (IOException e) {
      file.close();
      throw e;
    }
    if (tail.isOld()) {
      file.close();
      return begun(disk, folder, identity, number + 1);
    }
    WriteAheadLog log = new WriteAheadLog(disk, folder, identity, number, file, tail.chain());
    log.isMarked = tail.isMarked();
    return log;
  }

  private static WriteAheadLog begun(Disk disk, Path folder, long identity, long number)
      throws IOException {
    Disk.AppendFile file = begin(disk, folder, identity, number);
    return new WriteAheadLog(disk, folder, identity, number, file, 0);
  }

  /// Replays without changing anything, for readers.
  ///
  /// @throws CorruptFileException as [#open] does
  public static void replayOnly(
      Disk disk, Path folder, long identity, long firstLog, Consumer<LogRecord> replay)
      throws IOException {
    new LogReplay(disk, folder, identity, firstLog, replay).run();
  }

  /// Number of the file that is written to.
  public long number() {
    return number;
  }

  /// Bytes of the file that is written to.
  public long size() {
    return file.position();
  }

  /// A file of the log as far as it is durable.
  public record LogFile(String name, long length) {}

  /// The files from a number on.
  ///
  /// @throws IOException if the log is sealed
  public List<LogFile> files(long first) throws IOException {
    requireUnsealed();
    List<LogFile> files = new ArrayList<>();
    for (long old : numbers(disk, folder)) {
      if (old >= first) {
        Path path = path(folder, old);
        long length = old == number ? file.position() : disk.size(path);
        files.add(new LogFile(String.valueOf(path.getFileName()), length));
      }
    }
    return files;
  }

  /// Appends a record and returns when it is durable.
  ///
  /// @throws IOException if it may not be; nothing more is taken then
  public void append(LogRecord record) throws IOException {
    write(record);
    force();
  }

  /// Appends a record, which is durable after the next [#force].
  ///
  /// @throws IOException if it could not be written; nothing more is taken then
  public void write(LogRecord record) throws IOException {
    requireUnsealed();
    write(record.toBytes());
  }

  private void write(byte[] content) throws IOException {
    int next = LogReplay.chained(chain, content);
    ByteBuffer frame =
        ByteBuffer.allocate(LogReplay.FRAME_HEADER + content.length).order(ByteOrder.LITTLE_ENDIAN);
    long durable = forced;
    frame
        .putInt(content.length)
        .putLong(durable)
        .putInt(LogReplay.headSum(content.length, durable, number, file.position(), identity))
        .putInt(next)
        .put(content);
    wholeEnd = file.position();
    isTorn = true;
    file.write(frame.flip());
    isTorn = false;
    isMarked = content.length == 0;
    chain = next;
  }

  /// Whether all that was written is durable.
  public boolean isForced() {
    return forced == file.position();
  }

  /// Returns when all that was written before is durable. Another thread may write meanwhile, but
  /// not [#roll] or [#close].
  ///
  /// @throws IOException if it may not be; nothing more is taken then
  public void force() throws IOException {
    if (isForceFailed) {
      throw sealed();
    }
    long written = file.position();
    try {
      file.force();
    } catch (IOException | RuntimeException e) {
      isForceFailed = true;
      throw e;
    }
    forced = written;
  }

  /// Whether a write failed, and nothing else did.
  public boolean isTorn() {
    return isTorn && !isSealed && !isForceFailed;
  }

  /// Cuts what a write that failed has left, so that the log goes on. What was written before it is
  /// durable then. Nobody else may force meanwhile.
  ///
  /// @throws IOException if it could not be cut, which may be tried again; if the force failed, or
  ///     something did before, nothing more is taken
  public void mend() throws IOException {
    if (!isTorn()) {
      requireUnsealed();
      return;
    }
    Disk.AppendFile whole = disk.append(path(folder, number), wholeEnd);
    Disk.AppendFile torn = file;
    file = whole;
    torn.close();
    // A force of others may have been for half a frame, too.
    forced = Math.min(forced, wholeEnd);
    force();
    isTorn = false;
  }

  /// Goes on in a new file, once the old one is durable; answers its number. After a failure the
  /// log goes on in the old file if nothing is left of the new one; otherwise it is sealed.
  ///
  /// @throws IOException if the log is sealed, since the old file may end in half a frame, or if
  ///     the new file could not be begun
  public long roll() throws IOException {
    requireUnsealed();
    if (!isForced()) {
      force();
    }
    isSealed = true;
    Disk.AppendFile next;
    try {
      next = begin(disk, folder, identity, number + 1);
    } catch (IOException e) {
      // Without a look whether there is one to delete, a lack of descriptors would end the log.
      if (disk.exists(path(folder, number + 1))) {
        disk.delete(path(folder, number + 1));
        disk.forceFolder(folder);
      }
      isSealed = false;
      throw e;
    }
    Disk.AppendFile old = file;
    file = next;
    number++;
    chain = 0;
    forced = file.position();
    isSealed = false;
    old.close();
    return number;
  }

  /// Whether nothing more is taken.
  public boolean isSealed() {
    return isSealed || isTorn || isForceFailed;
  }

  private void requireUnsealed() throws IOException {
    if (isSealed()) {
      throw sealed();
    }
  }

  private static IOException sealed() {
    return new IOException("the log is sealed after a failure; open the database again");
  }

  /// Deletes the files before a number.
  public void dropBefore(long first) throws IOException {
    for (long old : numbers(disk, folder)) {
      if (old < first) {
        disk.delete(path(folder, old));
      }
    }
  }

  /// Makes all durable, and leaves a mark that tells so.
  @Override
  public void close() throws IOException {
    boolean isWhole = !isSealed();
    boolean isCut = isTorn();
    isSealed = true;
    try {
      if (isCut) {
        force(); // the frames before the half one
      }
      if (isWhole && !isMarked && file.position() > LogReplay.FILE_HEADER) {
        if (!isForced()) {
          force();
        }
        write(new byte[0]);
        force();
      }
    } finally {
      isSealed = true;
      file.close();
    }
  }

  private static Disk.AppendFile begin(Disk disk, Path folder, long identity, long number)
      throws IOException {
    Disk.AppendFile file = disk.create(path(folder, number));
    try {
      ByteBuffer header = ByteBuffer.allocate(LogReplay.FILE_HEADER).order(ByteOrder.LITTLE_ENDIAN);
      file.write(header.putLong(LogReplay.MAGIC).putLong(number).putLong(identity).flip());
      file.force();
      disk.forceFolder(folder);
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /// Numbers of the files that are there, ascending.
  static List<Long> numbers(Disk disk, Path folder) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String name : disk.list(folder)) {
      if (name.matches("log-[0-9]{12}\\.wal")) {
        numbers.add(Long.parseLong(name.substring(4, 16)));
      }
    }
    return numbers;
  }

  static Path path(Path folder, long number) {
    return folder.resolve("log-%012d.wal".formatted(number));
  }
}
