package io.capsdb;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// A disk in memory that fails where a test says.
final class FailingDisk implements Disk {
  private final Disk disk = new MemoryDisk();

  /// What fails, by operation and file name, for example `write log-000000000000.wal`.
  volatile Predicate<String> failure = _ -> false;

  /// Whether it fails as a lack of memory does, not as a disk does.
  volatile boolean isError;

  /// What it says is free.
  volatile long free = Long.MAX_VALUE;

  @Override
  public long free(Path folder) {
    return free;
  }

  private void check(String operation, Path path) throws IOException {
    if (failure.test(operation + " " + path.getFileName())) {
      if (isError) {
        throw new OutOfMemoryError("no memory left to " + operation);
      }
      throw new IOException("no space left to " + operation + " " + path.getFileName());
    }
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return disk.exists(path);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    disk.createFolders(folder);
  }

  @Override
  public long size(Path file) throws IOException {
    return disk.size(file);
  }

  @Override
  public AppendFile create(Path file) throws IOException {
    check("create", file);
    return new FailingFile(file, disk.create(file));
  }

  @Override
  public AppendFile append(Path file, long length) throws IOException {
    return new FailingFile(file, disk.append(file, length));
  }

  @Override
  public InputStream read(Path file) throws IOException {
    return disk.read(file);
  }

  @Override
  public MemorySegment map(Path file, Arena arena) throws IOException {
    check("map", file);
    return disk.map(file, arena);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check("rename", to);
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    check("delete", path);
    disk.delete(path);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    disk.forceFolder(folder);
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    return disk.lock(file);
  }

  private final class FailingFile implements AppendFile {
    private final Path path;
    private final AppendFile file;

    FailingFile(Path path, AppendFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public long position() {
      return file.position();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      if (failure.test("tear " + path.getFileName())) {
        file.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
        throw new IOException("no space left for all of " + path.getFileName());
      }
      check("write", path);
      file.write(bytes);
    }

    @Override
    public void force() throws IOException {
      check("force", path);
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
