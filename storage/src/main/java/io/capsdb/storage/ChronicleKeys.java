package io.capsdb.storage;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A key directory off the heap, in files: shards of
/// [Chronicle Map](https://github.com/OpenHFT/Chronicle-Map). About 30 bytes a numeric id and 40 a
/// UUID, 0.4 µs to find, 0.5 to 0.9 µs to put; the first one in a process costs 1 to 3 s more,
/// because the map generates classes.
///
/// Numbers and UUIDs have shards of their own. A shard that is full is copied into a larger one:
/// what a map of this kind has room for is a hard limit.
///
/// Not made to survive a stop: a killed process leaves locks behind, and damaged bytes are returned
/// as they are. So the files are trusted only with a [KeysFile] beside them, and made anew
/// otherwise.
public final class ChronicleKeys implements KeyDirectory {
  private static final int SHARDS = 8;
  private static final long LEAST_CAPACITY = 16_384;

  /// Which ids a shard is for: below it numbers, from it on UUIDs.
  private static final int FIRST_UUID = SHARDS;

  private final Disk disk;
  private final Path folder;
  private final long capacity;
  private final List<KeyShard<?>> shards = new ArrayList<>();
  private final List<KeyShard<Long>> numbers = new ArrayList<>();
  private final List<KeyShard<UUID>> uuids = new ArrayList<>();

  private ChronicleKeys(Disk disk, Path folder, long expected) {
    this.disk = disk;
    this.folder = folder;
    this.capacity = Math.max(LEAST_CAPACITY, expected / SHARDS * 3 / 2);
    for (int i = 0; i < SHARDS; i++) {
      numbers.add(KeyShard.ofNumbers(folder, i));
      uuids.add(KeyShard.ofUuids(folder, FIRST_UUID + i));
    }
    shards.addAll(numbers);
    shards.addAll(uuids);
  }

  /// Whether the JVM lets the map work: its classes are there, and so are the flags it needs (see
  /// `config/jvm.options`) and the compiler.
  public static boolean isUsable() {
    return Usable.IS;
  }

  /// Asked once: flags do not change.
  private static final class Usable {
    static final boolean IS = find();

    private static boolean find() {
      Module own = ChronicleKeys.class.getModule();
      Module base = Object.class.getModule();
      boolean isOpen =
          base.isOpen("java.lang", own)
              && base.isOpen("java.lang.reflect", own)
              && base.isExported("sun.nio.ch", own)
              && base.isExported("jdk.internal.ref", own);
      boolean hasCompiler =
          ModuleLayer.boot()
              .findModule("jdk.compiler")
              .map(compiler -> compiler.isExported("com.sun.tools.javac.file", own))
              .orElse(false);
      return isOpen
          && hasCompiler
          && ChronicleKeys.class.getResource("/net/openhft/chronicle/map/ChronicleMap.class")
              != null;
    }
  }

  /// An empty one, in the place of any that is there.
  ///
  /// @param expected ids it should have room for without growing
  public static ChronicleKeys create(Disk disk, Path folder, long expected) throws IOException {
    deleteFiles(disk, folder);
    return new ChronicleKeys(disk, folder, expected);
  }

  /// Deletes all files of a directory that nobody has open.
  public static void deleteFiles(Disk disk, Path folder) throws IOException {
    KeysFile.delete(disk, folder);
    for (String name : disk.list(folder)) {
      if (KeyShard.isName(name)) {
        disk.delete(folder.resolve(name));
      }
    }
  }

  /// Opens one that was closed well.
  ///
  /// @throws CorruptFileException if a file is not as it was closed
  public static ChronicleKeys open(Disk disk, Path folder, KeysFile closed) throws IOException {
    for (KeysFile.Shard shard : closed.shards()) {
      verify(disk, folder, shard);
    }
    KeysFile.delete(disk, folder);
    ChronicleKeys keys = new ChronicleKeys(disk, folder, 0);
    try {
      for (KeysFile.Shard shard : closed.shards()) {
        keys.shards.get(KeyShard.number(shard.name())).open(shard);
      }
      return keys;
    } catch (IOException | RuntimeException | Error e) {
      keys.close();
      throw e;
    }
  }

  /// @throws CorruptFileException if a file is not as it was closed, or is missing
  public static void verify(Disk disk, Path folder, KeysFile.Shard shard) throws IOException {
    Path file = folder.resolve(shard.name());
    if (!KeyShard.isName(shard.name()) || !disk.exists(file)) {
      throw new CorruptFileException(file.toString(), 0, "a shard of the keys is missing");
    }
    if (checksum(disk, file) != shard.checksum()) {
      throw new CorruptFileException(file.toString(), 0, "the checksum of the file differs");
    }
  }

  private static int checksum(Disk disk, Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return Checksums.of(disk.map(file, arena));
    }
  }

  @Override
  public long find(PointId id) {
    return switch (id) {
      case PointId.Numeric(long value) -> shard(numbers, Long.hashCode(value)).find(value);
      case PointId.Uuid(UUID value) -> shard(uuids, value.hashCode()).find(value);
    };
  }

  @Override
  public void put(PointId id, long segment) {
    switch (id) {
      case PointId.Numeric(long value) ->
          shard(numbers, Long.hashCode(value)).put(value, segment, capacity);
      case PointId.Uuid(UUID value) -> shard(uuids, value.hashCode()).put(value, segment, capacity);
    }
  }

  @Override
  public void remove(PointId id) {
    switch (id) {
      case PointId.Numeric(long value) -> shard(numbers, Long.hashCode(value)).remove(value);
      case PointId.Uuid(UUID value) -> shard(uuids, value.hashCode()).remove(value);
    }
  }

  private static <K> KeyShard<K> shard(List<KeyShard<K>> shards, int hash) {
    // Low bits alone would put ids that are multiples of a number into few shards.
    return shards.get((hash * 0x9E3779B9) >>> 29);
  }

  @Override
  public long count() {
    return shards.stream().mapToLong(KeyShard::count).sum();
  }

  @Override
  public boolean isOffHeap() {
    return true;
  }

  /// Closes the files and forgets them.
  @Override
  public void close() {
    shards.forEach(KeyShard::close);
  }

  /// Closes the files, makes them durable, and tells that they are whole.
  ///
  /// @param segments as in [KeysFile]
  /// @param forwards as in [KeysFile]
  public void closeWell(List<Long> segments, java.util.Map<Long, Long> forwards)
      throws IOException {
    close();
    List<KeysFile.Shard> closed = new ArrayList<>();
    for (KeyShard<?> shard : shards) {
      if (shard.isUsed()) {
        Path file = shard.file();
        try (Disk.AppendFile whole = disk.append(file, disk.size(file))) {
          whole.force();
        }
        closed.add(
            new KeysFile.Shard(
                String.valueOf(file.getFileName()), shard.capacity(), checksum(disk, file)));
      }
    }
    disk.forceFolder(folder);
    new KeysFile(segments, forwards, closed).write(disk, folder);
  }
}
