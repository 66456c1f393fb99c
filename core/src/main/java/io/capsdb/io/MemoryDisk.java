package io.capsdb.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// A disk in native memory, for databases that live as long as the process and for tests.
///
/// Paths are only names here; relative ones begin at the working folder. The memory of a file is
/// given back by the garbage collector when neither a name nor a mapping leads to it. The sum of
/// all files is bounded by `-XX:MaxDirectMemorySize`, which is the size of the heap if not set.
public final class MemoryDisk implements Disk {
  /// Whole cache lines, as in a mapped file.
  private static final long ALIGNMENT = 64;

  private static final long FIRST_CAPACITY = 4096;

  /// Guards all that follows and the files' fields.
  private final Object lock = new Object();

  /// Files and folders by absolute path. Folders have an entry each; the root has none.
  private final TreeMap<Path, Entry> entries = new TreeMap<>();

  private final Set<Path> heldLocks = new HashSet<>();

  private sealed interface Entry permits Folder, MemoryFile {}

  private record Folder() implements Entry {}

  @Override
  public boolean exists(Path path) {
    synchronized (lock) {
      Path absolute = absolute(path);
      return absolute.getParent() == null || entries.containsKey(absolute);
    }
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    synchronized (lock) {
      Path absolute = absolute(folder);
      requireFolder(absolute);
      List<String> names = new ArrayList<>();
      for (Path path : entries.keySet()) {
        if (absolute.equals(path.getParent())) {
          names.add(String.valueOf(path.getFileName()));
        }
      }
      names.sort(null);
      return List.copyOf(names);
    }
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    synchronized (lock) {
      Path absolute = absolute(folder);
      for (Path p = absolute; p != null && p.getParent() != null; p = p.getParent()) {
        if (entries.get(p) instanceof MemoryFile) {
          throw new FileAlreadyExistsException(p.toString());
        }
      }
      for (Path p = absolute; p != null && p.getParent() != null; p = p.getParent()) {
        entries.putIfAbsent(p, new Folder());
      }
    }
  }

  @Override
  public long size(Path file) throws IOException {
    synchronized (lock) {
      return file(file).size;
    }
  }

  @Override
  public AppendFile create(Path file) throws IOException {
    synchronized (lock) {
      if (exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      return new MemoryAppender(createFile(absolute(file)));
    }
  }

  @Override
  public AppendFile append(Path file, long length) throws IOException {
    synchronized (lock) {
      MemoryFile found = exists(file) ? file(file) : createFile(absolute(file));
      if (found.size < length) {
        throw new IOException(file + " has " + found.size + " bytes, cannot be cut at " + length);
      }
      if (found.size > length) {
        found.cut(length);
      }
      return new MemoryAppender(found);
    }
  }

  @Override
  public InputStream read(Path file) throws IOException {
    synchronized (lock) {
      MemoryFile found = file(file);
      return new MemoryInput(found.content());
    }
  }

  @Override
  public MemorySegment map(Path file, Arena arena) throws IOException {
    synchronized (lock) {
      return boundTo(file(file).content(), arena).asReadOnly();
    }
  }

  /// The content with the arena's lifetime, so that use after its end is noticed as it is with a
  /// mapping. Without the right to native access the content itself, which lives as long as anybody
  /// uses it.
  @SuppressWarnings({
    "restricted", // same address, same size
    "ReachabilityFenceUsage" // being captured by the arena's last action is what keeps it alive
  })
  private static MemorySegment boundTo(MemorySegment content, Arena arena) {
    if (!MemoryDisk.class.getModule().isNativeAccessEnabled()) {
      return content;
    }
    return content.reinterpret(arena, _ -> Reference.reachabilityFence(content));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    synchronized (lock) {
      Path source = absolute(from);
      Path target = absolute(to);
      Entry moved = entries.get(source);
      if (moved == null) {
        throw new NoSuchFileException(from.toString());
      }
      requireFolder(target.getParent());
      if (source.equals(target)) {
        return;
      }
      if (exists(target) && (moved instanceof Folder || entries.get(target) instanceof Folder)) {
        throw new FileAlreadyExistsException(to.toString());
      }
      if (target.startsWith(source)) {
        throw new FileSystemException(from.toString(), to.toString(), "cannot hold itself");
      }
      Map<Path, Entry> subtree = new TreeMap<>();
      entries.forEach(
          (path, entry) -> {
            if (path.startsWith(source)) {
              subtree.put(path, entry);
            }
          });
      entries.keySet().removeAll(subtree.keySet());
      subtree.forEach((path, entry) -> entries.put(target.resolve(source.relativize(path)), entry));
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    synchronized (lock) {
      Path absolute = absolute(path);
      if (entries.get(absolute) instanceof Folder && !list(absolute).isEmpty()) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      entries.remove(absolute);
    }
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    synchronized (lock) {
      requireFolder(absolute(folder));
    }
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    synchronized (lock) {
      Path absolute = absolute(file);
      if (!exists(file)) {
        createFile(absolute);
      }
      if (!heldLocks.add(absolute)) {
        throw new IOException(file + " is locked by this process already");
      }
      AtomicBoolean isClosed = new AtomicBoolean();
      return () -> {
        if (isClosed.compareAndSet(false, true)) {
          synchronized (lock) {
            heldLocks.remove(absolute);
          }
        }
      };
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private void requireFolder(@org.jspecify.annotations.Nullable Path absolute) throws IOException {
    if (absolute == null || absolute.getParent() == null) {
      return;
    }
    switch (entries.get(absolute)) {
      case null -> throw new NoSuchFileException(absolute.toString());
      case MemoryFile _ -> throw new NotDirectoryException(absolute.toString());
      case Folder _ -> {}
    }
  }

  private MemoryFile file(Path path) throws IOException {
    return switch (entries.get(absolute(path))) {
      case null -> throw new NoSuchFileException(path.toString());
      case MemoryFile file -> file;
      case Folder _ -> throw new FileSystemException(path.toString(), null, "is a folder");
    };
  }

  private MemoryFile createFile(Path absolute) throws IOException {
    requireFolder(absolute.getParent());
    MemoryFile file = new MemoryFile();
    entries.put(absolute, file);
    return file;
  }

  /// Bytes below `size` never change, so a mapping stays what it was: appending writes behind them
  /// or moves to a larger buffer, cutting moves to another one.
  private static final class MemoryFile implements Entry {
    private MemorySegment buffer = allocate(0); // under the disk's lock
    private long size; // under the disk's lock

    MemorySegment content() {
      return buffer.asSlice(0, size);
    }

    void append(MemorySegment bytes) {
      long needed = size + bytes.byteSize();
      if (needed > buffer.byteSize()) {
        moveTo(Math.max(needed, Math.max(FIRST_CAPACITY, size + size / 2)));
      }
      MemorySegment.copy(bytes, 0, buffer, size, bytes.byteSize());
      size = needed;
    }

    void cut(long length) {
      size = length;
      moveTo(length);
    }

    /// Gives back what was taken for growth.
    void trim() {
      if (buffer.byteSize() - size > size / 8) {
        moveTo(size);
      }
    }

    private void moveTo(long capacity) {
      MemorySegment moved = allocate(capacity);
      MemorySegment.copy(buffer, 0, moved, 0, size);
      buffer = moved;
    }

    private static MemorySegment allocate(long bytes) {
      return Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }
  }

  private final class MemoryAppender implements AppendFile {
    private final MemoryFile file;
    private boolean isClosed; // under the disk's lock

    MemoryAppender(MemoryFile file) {
      this.file = file;
    }

    @Override
    public long position() {
      synchronized (lock) {
        return file.size;
      }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      synchronized (lock) {
        requireOpen();
        file.append(MemorySegment.ofBuffer(bytes));
        bytes.position(bytes.limit());
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (lock) {
        requireOpen();
      }
    }

    @Override
    public void close() {
      synchronized (lock) {
        if (!isClosed) {
          isClosed = true;
          file.trim();
        }
      }
    }

    private void requireOpen() throws ClosedChannelException {
      if (isClosed) {
        throw new ClosedChannelException();
      }
    }
  }

  /// The content as it was when the stream was opened.
  private static final class MemoryInput extends InputStream {
    private final MemorySegment content;
    private long position;

    MemoryInput(MemorySegment content) {
      this.content = content;
    }

    @Override
    public int read() {
      if (position == content.byteSize()) {
        return -1;
      }
      return Byte.toUnsignedInt(content.get(java.lang.foreign.ValueLayout.JAVA_BYTE, position++));
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      java.util.Objects.checkFromIndexSize(offset, length, target.length);
      if (length == 0) {
        return 0;
      }
      int count = (int) Math.min(length, content.byteSize() - position);
      if (count == 0) {
        return -1;
      }
      MemorySegment.copy(
          content, java.lang.foreign.ValueLayout.JAVA_BYTE, position, target, offset, count);
      position += count;
      return count;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, content.byteSize() - position);
    }
  }
}
