package io.capsdb.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// The port to files: the only way by which the house reaches a disk, so that tests can simulate
/// crashes and faults.
///
/// Safe for use by many threads; an [AppendFile] takes one writer at a time. A thread's interrupt
/// flag neither stops nor breaks an operation. A missing file is a
/// [java.nio.file.NoSuchFileException].
public interface Disk {
  /// The disk of this machine.
  static Disk local() {
    return LocalDisk.INSTANCE;
  }

  boolean exists(Path path) throws IOException;

  /// Names in a folder, sorted.
  List<String> list(Path folder) throws IOException;

  /// Creates the folder and those above it, and makes the names of the new ones durable; fine when
  /// it exists.
  void createFolders(Path folder) throws IOException;

  long size(Path file) throws IOException;

  /// Creates a file for writing.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if it exists
  AppendFile create(Path file) throws IOException;

  /// Opens a file, which may be missing, to append to it; cuts it at `length` first. The cut is
  /// durable after the next [AppendFile#force].
  ///
  /// @throws IOException if the file is shorter than `length`
  AppendFile append(Path file, long length) throws IOException;

  /// Bytes that can still be written below a folder; `Long.MAX_VALUE` where that is not known.
  default long free(Path folder) throws IOException {
    return Long.MAX_VALUE;
  }

  InputStream read(Path file) throws IOException;

  /// Maps the whole file, as it is now, as a read-only native segment of the one class that the
  /// kernels see.
  ///
  /// The mapping ends with the arena. It survives that the file is renamed, deleted or appended to.
  MemorySegment map(Path file, Arena arena) throws IOException;

  /// Gives a file or folder another name in one step; a file replaces the file `to`. Durable after
  /// [#forceFolder].
  void rename(Path from, Path to) throws IOException;

  /// Deletes a file or an empty folder; fine when it is missing.
  void delete(Path path) throws IOException;

  /// Makes names in the folder durable.
  void forceFolder(Path folder) throws IOException;

  /// Takes an exclusive lock on a file, created if missing, and holds it until closed.
  ///
  /// @throws IOException if another process, or another part of this one, holds it
  Closeable lock(Path file) throws IOException;

  /// A file that grows at its end. One thread may write while another one forces.
  interface AppendFile extends Closeable {
    long position();

    /// Writes all that remains in the buffer.
    void write(ByteBuffer bytes) throws IOException;

    /// Returns when all that was written before this call is durable.
    void force() throws IOException;
  }
}
