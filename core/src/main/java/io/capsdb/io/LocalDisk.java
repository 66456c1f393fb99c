package io.capsdb.io;

import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The disk of this machine, in the default file system.
///
/// Files are written through [RandomAccessFile], because a [FileChannel] is closed for everybody
/// when a thread that uses it is interrupted: one impatient caller would end the log.
public final class LocalDisk implements Disk {
  static final LocalDisk INSTANCE = new LocalDisk();

  private static final boolean IS_WINDOWS = File.separatorChar == '\\';

  /// Bytes that pass from native memory to a file at a time.
  private static final int COPY_BYTES = 1 << 16;

  /// Lock files that this process holds. POSIX drops a process's lock as soon as it closes any
  /// descriptor of the file, so a second attempt must be refused before it opens one.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /// All instances are the same disk; see [Disk#local].
  public LocalDisk() {}

  @Override
  public boolean exists(Path path) throws IOException {
    if (Files.exists(path)) {
      return true;
    }
    if (Files.notExists(path)) {
      return false;
    }
    throw new IOException("cannot tell whether " + path + " exists");
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    return List.copyOf(names);
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = folder.toAbsolutePath(); p != null && !Files.isDirectory(p); p = p.getParent()) {
      missing.push(p);
    }
    for (Path path : missing) {
      try {
        Files.createDirectory(path);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(path)) {
          throw e;
        }
      }
      Path parent = path.getParent();
      if (parent != null) {
        forceFolder(parent);
      }
    }
  }

  @Override
  public long size(Path file) throws IOException {
    return Files.size(file);
  }

  @Override
  public AppendFile create(Path file) throws IOException {
    Files.createFile(file);
    return new LocalFile(new RandomAccessFile(file.toFile(), "rw"), 0);
  }

  @Override
  public AppendFile append(Path file, long length) throws IOException {
    if (!exists(file)) {
      Files.createFile(file);
    }
    RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
    try {
      long size = opened.length();
      if (size < length) {
        throw new IOException(file + " has " + size + " bytes, cannot be cut at " + length);
      }
      if (size > length) {
        opened.setLength(length);
      }
      opened.seek(length);
      return new LocalFile(opened, length);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /// One system call; what this process may use, without what is reserved for the system.
  @Override
  public long free(Path folder) {
    long free = folder.toFile().getUsableSpace();
    // Tells 0 where it does not know, too; a disk that is really full says so when written to.
    return free == 0 ? Long.MAX_VALUE : free;
  }

  @Override
  public InputStream read(Path file) throws IOException {
    try {
      return new FileInputStream(file.toFile());
    } catch (FileNotFoundException e) {
      throw exists(file) ? e : new NoSuchFileException(file.toString());
    }
  }

  @Override
  public MemorySegment map(Path file, Arena arena) throws IOException {
    return uninterrupted(
        () -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size == 0) {
              return arena.allocate(0).asReadOnly();
            }
            return likeAllocated(channel.map(MapMode.READ_ONLY, 0, size, arena), arena);
          }
        });
  }

  /// The same memory as a segment of the class that allocated memory has. Kernels that meet two
  /// classes are up to 2.3 times slower ever after. Needs the right to native access; without it
  /// the mapping stays as it is, which works but is slower, rather than having the JVM warn.
  @SuppressWarnings("restricted") // the bounds and the lifetime stay those of the mapping
  private static MemorySegment likeAllocated(MemorySegment mapped, Arena arena) {
    if (!LocalDisk.class.getModule().isNativeAccessEnabled()) {
      return mapped;
    }
    return MemorySegment.ofAddress(mapped.address())
        .reinterpret(mapped.byteSize(), arena, null)
        .asReadOnly();
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    if (IS_WINDOWS) {
      return; // Windows opens no folders; NTFS journals its names itself
    }
    uninterrupted(
        () -> {
          try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
          }
          return folder;
        });
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException _) {
      // left by an earlier owner; what counts is the lock on it
    }
    Path real = file.toRealPath();
    if (!HELD.add(real)) {
      throw new IOException(file + " is locked by this process already");
    }
    boolean isLocked = false;
    RandomAccessFile opened = null;
    try {
      opened = new RandomAccessFile(real.toFile(), "rw");
      RandomAccessFile holder = opened;
      FileLock lock = uninterrupted(() -> holder.getChannel().tryLock());
      if (lock == null) {
        throw new IOException(file + " is locked by another process");
      }
      isLocked = true;
    } finally {
      if (!isLocked) {
        HELD.remove(real);
        if (opened != null) {
          opened.close();
        }
      }
    }
    return new HeldLock(real, opened);
  }

  /// Runs an operation on a channel again when an interrupt closed the channel, and leaves the
  /// thread interrupted afterwards.
  private static <T extends @org.jspecify.annotations.Nullable Object> T uninterrupted(
      ChannelOperation<T> operation) throws IOException {
    boolean isInterrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return operation.run();
        } catch (ClosedByInterruptException _) {
          isInterrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Opens a channel of its own, so that it can run twice.
  private interface ChannelOperation<T extends @org.jspecify.annotations.Nullable Object> {
    T run() throws IOException;
  }

  /// Closing the file releases the lock.
  private record HeldLock(Path real, RandomAccessFile file, AtomicBoolean isClosed)
      implements Closeable {
    HeldLock(Path real, RandomAccessFile file) {
      this(real, file, new AtomicBoolean());
    }

    @Override
    public void close() throws IOException {
      if (isClosed.compareAndSet(false, true)) {
        try {
          file.close();
        } finally {
          HELD.remove(real);
        }
      }
    }
  }

  private static final class LocalFile implements AppendFile {
    private final RandomAccessFile file;
    private volatile long position; // written by the one writer
    private volatile boolean isClosed;

    LocalFile(RandomAccessFile file, long position) {
      this.file = file;
      this.position = position;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer; others only look
    public void write(ByteBuffer bytes) throws IOException {
      requireOpen();
      int count = bytes.remaining();
      if (bytes.hasArray()) {
        file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), count);
        bytes.position(bytes.limit());
      } else {
        byte[] copy = new byte[Math.min(COPY_BYTES, count)];
        while (bytes.hasRemaining()) {
          int length = Math.min(copy.length, bytes.remaining());
          bytes.get(copy, 0, length);
          file.write(copy, 0, length);
        }
      }
      position += count;
    }

    @Override
    public void force() throws IOException {
      requireOpen();
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      isClosed = true;
      file.close();
    }

    private void requireOpen() throws ClosedChannelException {
      if (isClosed) {
        throw new ClosedChannelException();
      }
    }
  }
}
