package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.point.IdSet;
import io.capsdb.storage.IdSetFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/// The sets of ids that a collection keeps by name: each a file, all of them in memory, and with
/// them the rows of sealed segments that were found to be in them.
///
/// Reads are safe for use by many threads; changes are for the one that holds the writer's lock.
final class IdSets {
  /// What their files are called: a file system may take `a` and `A` for one name.
  static final String FILES = "idset-[0-9a-f]{2,126}\\.ids";

  static final int MAX_SETS = 256;
  static final long MAX_BYTES = 256L << 20;
  private static final String NAMES = "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,62}";

  private final Disk disk;
  private final Path folder;
  private volatile Map<String, IdSet> sets = Map.of();

  /// Ordinals by what has their order, and by set; both go when nobody else holds them.
  private final Map<Object, Map<IdSet, RoaringBitmap>> known =
      Collections.synchronizedMap(new WeakHashMap<>());

  /// Changes the sets.
  @FunctionalInterface
  interface Change {
    void apply(IdSets sets) throws IOException;
  }

  IdSets(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /// Reads what is in the folder.
  void load() throws IOException {
    Map<String, IdSet> found = new TreeMap<>();
    for (String file : disk.list(folder)) {
      if (file.matches(FILES) && file.length() % 2 == 0) {
        String hex = file.substring("idset-".length(), file.length() - ".ids".length());
        String name = new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
        found.put(name, IdSetFile.read(disk, folder.resolve(file)));
      }
    }
    sets = Collections.unmodifiableMap(found);
  }

  private Path file(String name) {
    String hex = HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
    return folder.resolve("idset-" + hex + ".ids");
  }

  Map<String, IdSet> all() {
    return sets;
  }

  void put(String name, IdSet ids) throws IOException {
    if (!name.matches(NAMES)) {
      throw new IllegalArgumentException(
          "the name of an id set must have 1 to 63 letters, digits, '_', '-' and '.', and not begin"
              + " with '.'");
    }
    Map<String, IdSet> next = new TreeMap<>(sets);
    next.put(name, ids);
    if (next.size() > MAX_SETS) {
      throw new IllegalArgumentException(
          "a collection has at most " + MAX_SETS + " id sets, '" + name + "' would be one more");
    }
    long bytes = next.values().stream().mapToLong(IdSet::bytes).sum();
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the id sets of a collection take at most "
              + MAX_BYTES
              + " bytes of memory, with '"
              + name
              + "' it would be "
              + bytes);
    }
    IdSetFile.write(disk, file(name), ids);
    sets = Collections.unmodifiableMap(next);
  }

  boolean drop(String name) throws IOException {
    if (!sets.containsKey(name)) {
      return false;
    }
    disk.delete(file(name));
    disk.forceFolder(folder);
    Map<String, IdSet> next = new TreeMap<>(sets);
    next.remove(name);
    sets = Collections.unmodifiableMap(next);
    return true;
  }

  /// The filter with the ids of the sets that it names, as they are now.
  ///
  /// @throws IdSetNotFoundException if there is none of a name
  Filter lookUp(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> new Filter.And(lookUpAll(parts));
      case Filter.Or(List<Filter> parts) -> new Filter.Or(lookUpAll(parts));
      case Filter.Not(Filter part) -> new Filter.Not(lookUp(part));
      case Filter.AtLeast(int count, List<Filter> parts) ->
          new Filter.AtLeast(count, lookUpAll(parts));
      case Filter.Nested(String field, Filter part) -> new Filter.Nested(field, lookUp(part));
      case Filter.InIdSet(String name, _) -> {
        IdSet ids = sets.get(name);
        if (ids == null) {
          throw new IdSetNotFoundException(
              "there is no id set '" + name + "', the collection has " + sets.keySet());
        }
        yield new Filter.InIdSet(name, java.util.Optional.of(ids));
      }
      case Filter.Leaf _, Filter.PointTest _ -> filter;
    };
  }

  private List<Filter> lookUpAll(List<Filter> parts) {
    return parts.stream().map(this::lookUp).toList();
  }

  /// The ordinals of sealed rows that are in a set; found once for each order.
  ///
  /// @param order what has this order of rows, which never changes; told apart as an object
  /// @return not to be changed
  RoaringBitmap ordinals(IdSet ids, Object order, Supplier<RoaringBitmap> found) {
    Map<IdSet, RoaringBitmap> own =
        known.computeIfAbsent(order, _ -> Collections.synchronizedMap(new WeakHashMap<>()));
    RoaringBitmap ordinals = own.get(ids);
    if (ordinals == null) {
      ordinals = found.get();
      own.put(ids, ordinals);
    }
    return ordinals;
  }
}
