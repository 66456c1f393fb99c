package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/// A set of ids, replaced as a whole.
///
/// | bytes | what |
/// |---|---|
/// | 4 | format, 1 |
/// | … | a portable RoaringBitmap of the numbers below 2^32, as bytes with their length |
/// | … | the other numbers, as longs with their count |
/// | … | two longs for each UUID, the higher first, with their count |
public final class IdSetFile {
  private static final long MAGIC = 0x3153444953504143L; // "CAPSIDS1"
  private static final int FORMAT = 1;

  private IdSetFile() {}

  public static void write(Disk disk, Path file, IdSet ids) throws IOException {
    RoaringBitmap numbers = ids.numbers();
    ByteBuffer bytes = ByteBuffer.allocate(numbers.serializedSizeInBytes());
    numbers.serialize(bytes);
    List<PointId> others = ids.others().stream().sorted().toList();
    long[] large =
        others.stream()
            .filter(PointId.Numeric.class::isInstance)
            .mapToLong(id -> ((PointId.Numeric) id).value())
            .toArray();
    long[] uuids = new long[2 * (others.size() - large.length)];
    int count = 0;
    for (PointId id : others) {
      if (id instanceof PointId.Uuid(UUID value)) {
        uuids[count++] = value.getMostSignificantBits();
        uuids[count++] = value.getLeastSignificantBits();
      }
    }
    CheckedWriter out = new CheckedWriter();
    out.writeInt(FORMAT);
    out.writeBytes(bytes.array());
    out.writeLongs(large);
    out.writeLongs(uuids);
    AtomicFile.write(disk, file, MAGIC, out.toByteArray());
  }

  /// The ids in a file; none when there is no such file.
  ///
  /// @throws CorruptFileException if it is damaged
  public static IdSet read(Disk disk, Path file) throws IOException {
    Optional<CheckedReader> found = AtomicFile.read(disk, file, MAGIC);
    if (found.isEmpty()) {
      return IdSet.empty();
    }
    CheckedReader in = found.get();
    int format = in.readInt();
    if (format != FORMAT) {
      throw in.corrupt("an id set of format " + format + ", this version reads " + FORMAT);
    }
    RoaringBitmap numbers = new RoaringBitmap();
    try {
      numbers.deserialize(ByteBuffer.wrap(in.readBytes()));
    } catch (IOException | RuntimeException e) {
      throw in.corrupt("the bitmap cannot be read");
    }
    List<PointId> others = new ArrayList<>();
    for (long value : in.readLongs()) {
      others.add(PointId.of(value));
    }
    long[] uuids = in.readLongs();
    if (uuids.length % 2 != 0) {
      throw in.corrupt("half of a UUID");
    }
    for (int i = 0; i < uuids.length; i += 2) {
      others.add(PointId.of(new UUID(uuids[i], uuids[i + 1])));
    }
    return IdSet.of(numbers).or(IdSet.of(others));
  }
}
