package io.capsdb.formats;

import dev.hardwood.InputFile;
import io.capsdb.io.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/// A file that its readers jump about in, of any size, in the forms in which they ask for it.
final class MappedFile implements Closeable {
  private final String name;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;
  private boolean isClosed;

  /// @throws FormatException if the file is packed: those who jump about need it as it is
  MappedFile(Disk disk, Path file) throws IOException {
    this.name = String.valueOf(file.getFileName());
    try {
      if (name.endsWith(".gz")) {
        throw new FormatException(name, "name", "this kind of file is not read packed; unpack it");
      }
      this.bytes = disk.map(file, arena);
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  String name() {
    return name;
  }

  /// For Parquet. It must not be used after this file was closed.
  InputFile input() {
    return new InputFile() {
      @Override
      public void open() {}

      @Override
      public ByteBuffer readRange(long offset, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > bytes.byteSize() - length) {
          throw new IOException("bytes " + offset + " and " + length + " more are not in the file");
        }
        return bytes.asSlice(offset, length).asByteBuffer();
      }

      @Override
      public long length() {
        return bytes.byteSize();
      }

      @Override
      public String name() {
        return name;
      }

      @Override
      public void close() {}
    };
  }

  /// For HDF5. For one thread; it must not be used after this file was closed.
  SeekableByteChannel channel() {
    return new Channel(bytes);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      arena.close();
    }
  }

  private static final class Channel implements SeekableByteChannel {
    private final MemorySegment bytes;
    private long position;
    private boolean isOpen = true;

    Channel(MemorySegment bytes) {
      this.bytes = bytes;
    }

    private void requireOpen() throws ClosedChannelException {
      if (!isOpen) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      requireOpen();
      if (position >= bytes.byteSize()) {
        return -1;
      }
      int count = (int) Math.min(into.remaining(), bytes.byteSize() - position);
      into.put(bytes.asSlice(position, count).asByteBuffer());
      position += count;
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new NonWritableChannelException();
    }

    @Override
    public long position() throws IOException {
      requireOpen();
      return position;
    }

    @Override
    public SeekableByteChannel position(long other) throws IOException {
      requireOpen();
      if (other < 0) {
        throw new IllegalArgumentException("position must be at least 0, was " + other);
      }
      position = other;
      return this;
    }

    @Override
    public long size() throws IOException {
      requireOpen();
      return bytes.byteSize();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
      return isOpen;
    }

    @Override
    public void close() {
      isOpen = false;
    }
  }
}
