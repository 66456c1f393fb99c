package io.capsdb.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/// One map of a [ChronicleKeys], in a file that is made when the first id is put. Safe for use by
/// many threads.
///
/// @param <K> type of the keys: `Long` or `UUID`
final class KeyShard<K> {
  static {
    // Before any class of the map is loaded: it reports who uses it over the network otherwise.
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
  }

  private static final Pattern NAME = Pattern.compile("keys-([01][0-9])-([0-9]{3,6})\\.map");

  private final Path folder;
  private final int number;
  private final Function<Long, ChronicleMapBuilder<K, Long>> builders;

  // Guarded by this object.
  private @Nullable ChronicleMap<K, Long> map;
  private int generation;
  private long capacity;
  private boolean isUsed;
  private boolean isClosed;

  /// Ids that may still be put before the map is asked how full it is.
  private long room;

  private KeyShard(Path folder, int number, Function<Long, ChronicleMapBuilder<K, Long>> builders) {
    this.folder = folder;
    this.number = number;
    this.builders = builders;
  }

  static KeyShard<Long> ofNumbers(Path folder, int number) {
    return new KeyShard<>(
        folder,
        number,
        capacity -> ChronicleMapBuilder.of(Long.class, Long.class).entries(capacity));
  }

  static KeyShard<UUID> ofUuids(Path folder, int number) {
    return new KeyShard<>(
        folder,
        number,
        capacity ->
            ChronicleMapBuilder.of(UUID.class, Long.class)
                .constantKeySizeBySample(new UUID(1, 2))
                .entries(capacity));
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /// The number of the shard with a file of some name.
  static int number(String name) {
    return Integer.parseInt(name.substring(5, 7));
  }

  /// @throws IllegalStateException if it is closed: it must not say then that nothing is there
  synchronized long find(K key) {
    requireOpen();
    Long segment = map == null ? null : map.get(key);
    return segment == null ? KeyDirectory.NONE : segment;
  }

  synchronized void remove(K key) {
    requireOpen();
    if (map != null) {
      map.remove(key);
    }
  }

  /// @param first ids that a new map has room for
  synchronized void put(K key, long segment, long first) {
    requireOpen();
    if (map == null) {
      map = create(first);
    }
    if (room == 0) {
      room = capacity - map.longSize();
      if (room <= 0) {
        grow();
      }
    }
    room--;
    map.put(key, segment);
  }

  private void grow() {
    ChronicleMap<K, Long> full = java.util.Objects.requireNonNull(map);
    Path old = file();
    map = create(2 * capacity);
    room = capacity - full.longSize();
    map.putAll(full);
    full.close();
    try {
      Files.deleteIfExists(old);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ChronicleMap<K, Long> create(long size) {
    generation++;
    capacity = size;
    room = size;
    isUsed = true;
    return open();
  }

  private ChronicleMap<K, Long> open() {
    try {
      return builders.apply(capacity).createPersistedTo(file().toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Opens the file that was closed.
  synchronized void open(KeysFile.Shard closed) throws IOException {
    generation = Integer.parseInt(closed.name().substring(8, closed.name().length() - 4));
    capacity = closed.capacity();
    isUsed = true;
    try {
      map = open();
      room = Math.max(0, capacity - map.longSize());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  synchronized Path file() {
    return folder.resolve("keys-%02d-%03d.map".formatted(number, generation));
  }

  synchronized long capacity() {
    return capacity;
  }

  /// Whether it has a file.
  synchronized boolean isUsed() {
    return isUsed;
  }

  synchronized long count() {
    return map == null ? 0 : map.longSize();
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("keys are closed");
    }
  }

  synchronized void close() {
    isClosed = true;
    if (map != null) {
      map.close();
      map = null;
    }
  }
}
