package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Tells that the shards of a key directory were closed well, and what they stand for. It is there
/// only while nobody has them open: opening begins with its deletion.
///
/// An [AtomicFile]; its content: format (int32); number of segments, and the number of each
/// (int64); number of segments that went into others, and of each its number and that of the other
/// (int64); number of shards, and of each the name of its file, the ids it has room for (int64) and
/// the CRC32C of the file.
///
/// @param segments numbers of those that the manifest named then, ascending
/// @param forwards where the rows of segments went that are named in shards but are not there
/// @param shards the files
public record KeysFile(List<Long> segments, Map<Long, Long> forwards, List<Shard> shards) {
  private static final long MAGIC = 0x3159454b53504143L; // "CAPSKEY1"
  private static final int FORMAT = 1;

  /// @param name of the file, in the folder of this one
  /// @param capacity ids it has room for
  /// @param checksum CRC32C of the whole file
  public record Shard(String name, long capacity, int checksum) {}

  public KeysFile {
    segments = List.copyOf(segments);
    forwards = Map.copyOf(forwards);
    shards = List.copyOf(shards);
  }

  public static Path path(Path folder) {
    return folder.resolve("keys");
  }

  /// Forgets it durably: from now on the shards may be changed.
  public static void delete(Disk disk, Path folder) throws IOException {
    if (disk.exists(path(folder))) {
      disk.delete(path(folder));
      disk.forceFolder(folder);
    }
  }

  public void write(Disk disk, Path folder) throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(FORMAT);
    out.writeInt(segments.size());
    segments.forEach(out::writeLong);
    out.writeInt(forwards.size());
    new TreeMap<>(forwards)
        .forEach(
            (from, to) -> {
              out.writeLong(from);
              out.writeLong(to);
            });
    out.writeInt(shards.size());
    for (Shard shard : shards) {
      out.writeString(shard.name());
      out.writeLong(shard.capacity());
      out.writeInt(shard.checksum());
    }
    AtomicFile.write(disk, path(folder), MAGIC, out.toByteArray());
  }

  /// Empty when there is none, or none that can be read: the directory is made anew then.
  public static Optional<KeysFile> find(Disk disk, Path folder) throws IOException {
    try {
      return read(disk, folder);
    } catch (CorruptFileException e) {
      return Optional.empty();
    }
  }

  /// Empty when there is none.
  ///
  /// @throws CorruptFileException if it is damaged
  public static Optional<KeysFile> read(Disk disk, Path folder) throws IOException {
    Optional<CheckedReader> found = AtomicFile.read(disk, path(folder), MAGIC);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    CheckedReader in = found.get();
    int format = in.readInt();
    if (format != FORMAT) {
      throw in.corrupt("keys of format " + format + ", this version reads " + FORMAT);
    }
    List<Long> segments = new ArrayList<>();
    int segmentCount = in.readLength(8);
    for (int i = 0; i < segmentCount; i++) {
      segments.add(in.readLong());
    }
    Map<Long, Long> forwards = new TreeMap<>();
    int forwardCount = in.readLength(16);
    for (int i = 0; i < forwardCount; i++) {
      forwards.put(in.readLong(), in.readLong());
    }
    List<Shard> shards = new ArrayList<>();
    int shardCount = in.readLength(16);
    for (int i = 0; i < shardCount; i++) {
      shards.add(new Shard(in.readString(), in.readLong(), in.readInt()));
    }
    return Optional.of(new KeysFile(segments, forwards, shards));
  }
}
