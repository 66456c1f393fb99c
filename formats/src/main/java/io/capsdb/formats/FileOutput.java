package io.capsdb.formats;

import io.capsdb.io.Disk;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/// A file that is written from front to back, packed if its name ends with `.gz`, and that gets its
/// name only when it is whole: until [#commit] it lies aside as `NAME.part`, and [#close] without a
/// commit deletes that. A file of the name is replaced by the commit. Not for more than one thread.
public final class FileOutput extends OutputStream {
  private static final int BUFFER = 1 << 16;

  private final Disk disk;
  private final Path file;
  private final Path aside;
  private final Disk.AppendFile raw;
  private final OutputStream out;
  private boolean isCommitted;
  private boolean isClosed;

  private FileOutput(Disk disk, Path file, Path aside, Disk.AppendFile raw) throws IOException {
    this.disk = disk;
    this.file = file;
    this.aside = aside;
    this.raw = raw;
    OutputStream bytes = new BufferedOutputStream(new Appending(raw), BUFFER);
    this.out =
        aside.getFileName().toString().endsWith(".gz.part")
            ? new BufferedOutputStream(new GZIPOutputStream(bytes, BUFFER), BUFFER)
            : bytes;
  }

  /// Begins a file; its folder must be there. What an earlier, broken run left aside is replaced.
  public static FileOutput create(Disk disk, Path file) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    disk.delete(aside);
    Disk.AppendFile raw = disk.create(aside);
    try {
      return new FileOutput(disk, file, aside, raw);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
  }

  /// Makes the file durable and gives it its name.
  public void commit() throws IOException {
    out.close();
    raw.force();
    raw.close();
    isClosed = true;
    disk.rename(aside, file);
    isCommitted = true;
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      disk.forceFolder(folder);
    }
  }

  @Override
  public void close() throws IOException {
    if (!isClosed) {
      isClosed = true;
      raw.close();
    }
    if (!isCommitted) {
      disk.delete(aside);
    }
  }

  /// Its close leaves the file open, so that [#commit] can force it.
  private static final class Appending extends OutputStream {
    private final Disk.AppendFile file;

    Appending(Disk.AppendFile file) {
      this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      file.write(ByteBuffer.wrap(bytes, from, length));
    }
  }
}
