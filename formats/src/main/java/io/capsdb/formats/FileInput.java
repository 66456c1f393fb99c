package io.capsdb.formats;

import io.capsdb.io.Disk;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// A file that is read from front to back, unpacked if its name ends with `.gz`, with a count of
/// what was read of it.
final class FileInput extends InputStream {
  private static final int BUFFER = 1 << 16;

  private final String name;
  private final long size;
  private final boolean isPacked;
  private final Counting raw;
  private final InputStream in;

  private static final class Counting extends FilterInputStream {
    private long count;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = super.read(bytes, from, length);
      count += Math.max(0, read);
      return read;
    }
  }

  private FileInput(String name, long size, boolean isPacked, Counting raw, InputStream in) {
    this.name = name;
    this.size = size;
    this.isPacked = isPacked;
    this.raw = raw;
    this.in = in;
  }

  static FileInput open(Disk disk, Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    boolean isPacked = name.endsWith(".gz");
    Counting raw = new Counting(disk.read(file));
    try {
      InputStream in =
          isPacked
              ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER)
              : new BufferedInputStream(raw, BUFFER);
      return new FileInput(name, disk.size(file), isPacked, raw, in);
    } catch (ZipException | EOFException e) {
      raw.close();
      throw new FormatException(name, "byte 0", "it is no gzip file: " + reason(e));
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? "it ends early" : e.getMessage();
  }

  private FormatException damaged(IOException e) {
    return new FormatException(
        name, "byte " + raw.count, "the gzip data is damaged or cut off: " + reason(e));
  }

  String name() {
    return name;
  }

  /// The name without `.gz`.
  String plainName() {
    return isPacked ? name.substring(0, name.length() - 3) : name;
  }

  /// Bytes of the file as it lies on the disk.
  long size() {
    return size;
  }

  boolean isPacked() {
    return isPacked;
  }

  double progress() {
    return size == 0 ? 1 : Math.min(1, (double) raw.count / size);
  }

  /// Fills the array, or answers how many bytes there were before the end.
  int fill(byte[] bytes) throws IOException {
    try {
      return in.readNBytes(bytes, 0, bytes.length);
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    try {
      return in.read(bytes, from, length);
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
