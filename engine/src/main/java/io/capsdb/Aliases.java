package io.capsdb;

import io.capsdb.io.Disk;
import io.capsdb.storage.AliasFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// The other names of the collections of one database. For the one that holds the database's lock.
final class Aliases {
  private static final int MAX_ALIASES = 10_000;

  private final Disk disk;
  private final Path file;
  private Map<String, Long> folders;

  private Aliases(Disk disk, Path file, Map<String, Long> folders) {
    this.disk = disk;
    this.file = file;
    this.folders = folders;
  }

  static Aliases open(Disk disk, Path folder) throws IOException {
    Path file = folder.resolve("aliases");
    return new Aliases(disk, file, AliasFile.read(disk, file).folders());
  }

  /// The folder number of the collection that an alias is a name of.
  Optional<Long> folder(String alias) {
    return Optional.ofNullable(folders.get(alias));
  }

  Map<String, Long> all() {
    return folders;
  }

  /// Does all of the changes or none of them.
  ///
  /// @param isCollection whether a collection has this name of its own
  /// @param folderOf the folder number of a collection
  void change(
      List<AliasChange> changes, Predicate<String> isCollection, ToLongFunction<String> folderOf)
      throws IOException {
    Map<String, Long> next = new TreeMap<>(folders);
    for (AliasChange change : changes) {
      switch (change) {
        case AliasChange.Create(String alias, String collection) -> {
          requireFree(alias, isCollection);
          next.put(alias, folderOf.applyAsLong(collection));
        }
        case AliasChange.Delete(String alias) -> take(next, alias);
        case AliasChange.Rename(String from, String to) -> {
          requireFree(to, isCollection);
          next.put(to, take(next, from));
        }
      }
    }
    if (next.size() > MAX_ALIASES) {
      throw new IllegalArgumentException("at most " + MAX_ALIASES + " aliases are allowed");
    }
    replace(next);
  }

  /// Has the aliases of a collection lead to the one that takes its place.
  void move(long from, long to) throws IOException {
    Map<String, Long> next = new TreeMap<>(folders);
    if (next.containsValue(from)) {
      next.replaceAll((_, folder) -> folder == from ? to : folder);
      replace(next);
    }
  }

  /// Forgets the aliases of a collection that is dropped.
  void forget(long folder) throws IOException {
    Map<String, Long> next = new TreeMap<>(folders);
    if (next.values().removeIf(each -> each == folder)) {
      replace(next);
    }
  }

  private void replace(Map<String, Long> next) throws IOException {
    new AliasFile(next).write(disk, file);
    folders = next;
  }

  private static void requireFree(String alias, Predicate<String> isCollection) {
    if (isCollection.test(alias)) {
      throw new CollectionExistsException(
          "alias '" + alias + "' cannot be made, a collection has this name");
    }
  }

  private static long take(Map<String, Long> aliases, String alias) {
    Long folder = aliases.remove(alias);
    if (folder == null) {
      throw new AliasNotFoundException("alias '" + alias + "' does not exist");
    }
    return folder;
  }
}
