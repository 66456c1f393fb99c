package io.capsdb.embeddings.data;

import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/// Images from a ZIP file, in the order of its entries. The folder that an image lies in is its
/// label: `train/cat/0001.jpg` has the attributes `label`, `cat`, and `file`, its whole name.
/// Entries that are no images by their name are passed over.
public final class ZipImages implements SampleSource {
  private static final int MOST_BYTES = 64 << 20;

  /// What a ZIP file ends with: this, 18 bytes more, and a comment.
  private static final int END = 0x06054b50;

  private static final ValueLayout.OfInt LITTLE_ENDIAN_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int END_BYTES = 22;
  private static final int MOST_COMMENT = 65_535;

  private final String name;
  private final long size;
  private final ZipInputStream zip;
  private final Counting raw;
  private final int channels;
  private final int side;
  private long next;

  private static final class Counting extends java.io.FilterInputStream {
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

  private ZipImages(String name, long size, Counting raw, int channels, int side) {
    this.name = name;
    this.size = size;
    this.raw = raw;
    this.zip = new ZipInputStream(raw);
    this.channels = channels;
    this.side = side;
  }

  /// @param channels 1 or 3
  /// @param side to which images are scaled; 0 takes them as they are
  public static ZipImages open(Disk disk, Path file, int channels, int side) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (!disk.exists(file)) {
      throw new FormatException(String.valueOf(file), "file", "there is no such file");
    }
    requireEnd(disk, file, name);
    return new ZipImages(name, disk.size(file), new Counting(disk.read(file)), channels, side);
  }

  /// A file that is cut off between two entries looks whole from its beginning; its end does not.
  private static void requireEnd(Disk disk, Path file, String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = disk.map(file, arena);
      long last = bytes.byteSize() - END_BYTES;
      for (long at = last; at >= 0 && at >= last - MOST_COMMENT; at--) {
        if (bytes.get(LITTLE_ENDIAN_INT, at) == END) {
          return;
        }
      }
    }
    throw new FormatException(name, "end", "it is no ZIP file, or cut off");
  }

  @Override
  public Optional<Sample> next() throws IOException {
    try {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (isImage(entry)) {
          return Optional.of(sample(entry));
        }
      }
    } catch (ZipException | java.io.EOFException e) {
      throw new FormatException(
          name, "byte " + raw.count, "it is damaged or cut off: " + e.getMessage());
    }
    if (raw.count == 0 || next == 0) {
      throw new FormatException(name, "file", "it is no ZIP file with images");
    }
    return Optional.empty();
  }

  private static boolean isImage(ZipEntry entry) {
    String lower = entry.getName().toLowerCase(Locale.ROOT);
    return !entry.isDirectory() && lower.matches(".*\\.(jpe?g|png|gif|bmp)");
  }

  private Sample sample(ZipEntry entry) throws IOException {
    byte[] bytes = zip.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new FormatException(
          name, entry.getName(), "it is larger than " + MOST_BYTES + " bytes");
    }
    byte[] pixels =
        ImageFiles.read(
            new ByteArrayInputStream(bytes), name + ", " + entry.getName(), channels, side);
    String[] steps = entry.getName().split("/", -1);
    String label = steps.length > 1 ? steps[steps.length - 2] : "";
    Payload payload = Payload.of(Map.of("label", label, "file", entry.getName()));
    return new Sample(next++, Optional.empty(), new Content.Pixels(pixels), payload);
  }

  @Override
  public String file() {
    return name;
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.empty();
  }

  @Override
  public double progress() {
    return size == 0 ? 1 : Math.min(1, (double) raw.count / size);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
