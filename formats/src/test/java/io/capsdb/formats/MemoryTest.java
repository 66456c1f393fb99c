package io.capsdb.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Large files are read row by row.
class MemoryTest {
  private static final long FILE_BYTES = 200L << 20;

  /// Text is slower to read.
  private static final long TEXT_BYTES = 64L << 20;

  private static final long ALLOWED_BYTES = 24L << 20;

  @Test
  void vectorsTakeTheMemoryOfARow() throws IOException {
    byte[] row =
        ByteBuffer.allocate(4 + 4 * 784).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 784).array();
    read("x.fvecs", FILE_BYTES, new byte[0], row);
  }

  @Test
  void arraysTakeTheMemoryOfARow() throws IOException {
    long rows = FILE_BYTES / 784;
    byte[] head =
        new SampleFile("x")
            .raw(0, 0, 8, 3)
            .number(rows, 4, ByteOrder.BIG_ENDIAN)
            .number(28, 4, ByteOrder.BIG_ENDIAN)
            .number(28, 4, ByteOrder.BIG_ENDIAN)
            .bytes();
    read("x.idx", FILE_BYTES, head, new byte[784]);
  }

  @Test
  void linesTakeTheMemoryOfALine() throws IOException {
    String row = "{\"id\":7,\"vector\":[" + "0.25,".repeat(700) + "1],\"name\":\"a name\"}\n";
    read("x.jsonl", TEXT_BYTES, new byte[0], row.getBytes(UTF_8));
  }

  @Test
  void recordsTakeTheMemoryOfARecord() throws IOException {
    String row = "7,\"[" + "0.25,".repeat(700) + "1]\",a name\n";
    read("x.csv", TEXT_BYTES, "id,vector,name\n".getBytes(UTF_8), row.getBytes(UTF_8));
  }

  /// Reads equal rows and looks now and then at what is reachable.
  private static void read(String name, long bytes, byte[] head, byte[] row) throws IOException {
    long expected = bytes / row.length;
    long before = reachable();
    long most = 0;
    long rows = 0;
    try (RowSource source = RowSources.open(new Endless(head, row, expected), Path.of(name))) {
      for (Optional<RowSource.Row> next = source.next(); next.isPresent(); next = source.next()) {
        assertThat(next.get().rejection()).isEmpty();
        rows++;
        if (rows % (expected / 4) == 0) {
          most = Math.max(most, reachable());
        }
      }
    }
    assertThat(rows).isEqualTo(expected);
    assertThat(most - before).isLessThan(ALLOWED_BYTES);
  }

  private static long reachable() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// One file, made while it is read.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Endless(byte[] head, byte[] row, long rows) implements Disk {
    @Override
    public boolean exists(Path path) {
      return true;
    }

    @Override
    public long size(Path file) {
      return head.length + rows * row.length;
    }

    @Override
    public InputStream read(Path file) {
      return new Repeating(this);
    }

    @Override
    public List<String> list(Path folder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void createFolders(Path folder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public AppendFile create(Path file) {
      throw new UnsupportedOperationException();
    }

    @Override
    public AppendFile append(Path file, long length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment map(Path file, Arena arena) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void rename(Path from, Path to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forceFolder(Path folder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Closeable lock(Path file) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Repeating extends InputStream {
    private final Endless file;
    private long position;

    Repeating(Endless file) {
      this.file = file;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (position == file.size(Path.of("x"))) {
        return -1;
      }
      byte[] source = position < file.head().length ? file.head() : file.row();
      int at =
          position < file.head().length
              ? (int) position
              : (int) ((position - file.head().length) % file.row().length);
      int count = Math.min(length, source.length - at);
      System.arraycopy(source, at, target, offset, count);
      position += count;
      return count;
    }
  }
}
