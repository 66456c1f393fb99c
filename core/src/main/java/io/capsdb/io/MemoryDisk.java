package io.capsdb.io;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Files in native memory, for databases that leave nothing behind. A mapping is the file's own
/// memory, not a copy; it
/// stays valid as long as it is reachable, whatever becomes of the file. Safe for use by many
/// threads.
public final class MemoryDisk implements Disk {
  private static final int FIRST_CAPACITY = 4_096;

  private final TreeMap<Path, Content> files = new TreeMap<>();
  private final Set<Path> folders = new HashSet<>();
  private final Set<Path> locks = new HashSet<>();

  public MemoryDisk() {}

  /// The bytes of one file; grows by moving to a larger block.
  private static final class Content {
    private MemorySegment block = Arena.ofAuto().allocate(FIRST_CAPACITY, 64);
    private long size;

    synchronized void append(ByteBuffer bytes) {
      long needed = size + bytes.remaining();
      if (needed > block.byteSize()) {
        MemorySegment larger =
            Arena.ofAuto().allocate(Math.max(needed, block.byteSize() + block.byteSize() / 2), 64);
        MemorySegment.copy(block, 0, larger, 0, size);
        block = larger;
      }
      MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, block, size, bytes.remaining());
      size = needed;
      bytes.position(bytes.limit());
    }

    synchronized void cut(long length) {
      size = Math.min(size, length);
    }

    synchronized long size() {
      return size;
    }

    synchronized MemorySegment view() {
      return block.asSlice(0, size).asReadOnly();
    }
  }

  @Override
  public synchronized boolean exists(Path path) {
    return files.containsKey(path) || folders.contains(path);
  }

  @Override
  public synchronized List<String> list(Path folder) throws IOException {
    if (!folders.contains(folder)) {
      throw new FileNotFoundException(folder.toString());
    }
    Set<String> names = new TreeSet<>();
    for (Path file : files.keySet()) {
      if (folder.equals(file.getParent())) {
        names.add(String.valueOf(file.getFileName()));
      }
    }
    for (Path inner : folders) {
      if (folder.equals(inner.getParent())) {
        names.add(String.valueOf(inner.getFileName()));
      }
    }
    return List.copyOf(names);
  }

  @Override
  public synchronized void createFolders(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      folders.add(at);
    }
  }

  @Override
  public long size(Path file) throws IOException {
    return content(file).size();
  }

  @Override
  public synchronized AppendFile create(Path file) throws IOException {
    if (files.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Content content = new Content();
    files.put(file, content);
    return new MemoryFile(content);
  }

  @Override
  public synchronized AppendFile append(Path file, long length) {
    Content content = files.computeIfAbsent(file, _ -> new Content());
    content.cut(length);
    return new MemoryFile(content);
  }

  @Override
  public InputStream read(Path file) throws IOException {
    MemorySegment view = content(file).view();
    return new InputStream() {
      private long next;

      @Override
      public int read() {
        return next < view.byteSize()
            ? view.get(java.lang.foreign.ValueLayout.JAVA_BYTE, next++) & 0xff
            : -1;
      }

      @Override
      public int read(byte[] bytes, int from, int count) {
        int read = (int) Math.min(count, view.byteSize() - next);
        if (read <= 0) {
          return count == 0 ? 0 : -1;
        }
        MemorySegment.copy(view, next, MemorySegment.ofArray(bytes), from, read);
        next += read;
        return read;
      }
    };
  }

  @Override
  public MemorySegment map(Path file, Arena arena) throws IOException {
    return content(file).view();
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    files.put(to, content(from));
    files.remove(from);
  }

  @Override
  public synchronized void delete(Path path) {
    files.remove(path);
    folders.remove(path);
  }

  @Override
  public void forceFolder(Path folder) {
    // Memory has nothing to force.
  }

  @Override
  public synchronized Closeable lock(Path file) throws IOException {
    if (!locks.add(file)) {
      throw new IOException(file + " is locked already");
    }
    return () -> unlock(file);
  }

  private synchronized void unlock(Path file) {
    locks.remove(file);
  }

  private synchronized Content content(Path file) throws IOException {
    Content content = files.get(file);
    if (content == null) {
      throw new FileNotFoundException(file.toString());
    }
    return content;
  }

  private record MemoryFile(Content content) implements AppendFile {
    @Override
    public long position() {
      return content.size();
    }

    @Override
    public void write(ByteBuffer bytes) {
      content.append(bytes);
    }

    @Override
    public void force() {
      // Memory has nothing to force.
    }

    @Override
    public void close() {
      // Memory has nothing to close.
    }
  }
}
