package io.capsdb.bench.durable;

import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// The disk of this machine, with the time that each force of a log takes.
final class ForceTimes implements Disk {
  private final Disk disk = new LocalDisk();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final LongSupplier nanoClock;
  private final List<Time> times = new ArrayList<>(); // guarded by itself

  /// @param nanos by the clock
  /// @param processorNanos of the thread
  record Time(long nanos, long processorNanos) {
    static final Time NONE = new Time(0, 0);

    Time plus(Time other) {
      return new Time(nanos + other.nanos, processorNanos + other.processorNanos);
    }

    Time minus(Time other) {
      return new Time(nanos - other.nanos, processorNanos - other.processorNanos);
    }
  }

  ForceTimes(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  Time now() {
    return new Time(nanoClock.getAsLong(), threads.getCurrentThreadCpuTime());
  }

  /// Of all forces so far, in their order.
  List<Time> times() {
    synchronized (times) {
      return List.copyOf(times);
    }
  }

  /// In all forces since there were so many.
  Time since(int count) {
    return times().stream().skip(count).reduce(Time.NONE, Time::plus);
  }

  private AppendFile timed(Path path, AppendFile file) {
    return path.toString().endsWith(".wal") ? new TimedFile(file) : file;
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
  public long free(Path folder) throws IOException {
    return disk.free(folder);
  }

  @Override
  public AppendFile create(Path file) throws IOException {
    return timed(file, disk.create(file));
  }

  @Override
  public AppendFile append(Path file, long length) throws IOException {
    return timed(file, disk.append(file, length));
  }

  @Override
  public InputStream read(Path file) throws IOException {
    return disk.read(file);
  }

  @Override
  public MemorySegment map(Path file, Arena arena) throws IOException {
    return disk.map(file, arena);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
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

  private final class TimedFile implements AppendFile {
    private final AppendFile file;

    TimedFile(AppendFile file) {
      this.file = file;
    }

    @Override
    public long position() {
      return file.position();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      file.write(bytes);
    }

    @Override
    public void force() throws IOException {
      Time begin = now();
      file.force();
      Time took = now().minus(begin);
      synchronized (times) {
        times.add(took);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
