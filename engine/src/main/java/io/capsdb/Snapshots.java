package io.capsdb;

import io.capsdb.io.Disk;
import io.capsdb.storage.SnapshotArchive;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The snapshots of the collections of one database: archives in a folder of its own for each
/// collection. They outlive their collection. Safe for use by many threads; snapshots are written
/// one after the other.
final class Snapshots {
  private static final String SUFFIX = ".snapshot";

  /// What a collection's folder can hold: see [SnapshotArchive#unpack].
  private static final String FILES =
      "manifest|settings|segment-[0-9]{12}\\.caps|log-[0-9]{12}\\.wal";

  private final Disk disk;
  private final Path folder;

  /// Held while one is written: all are written to the same name aside, which a crash may leave and
  /// the next one replaces.
  private final ReentrantLock writing = new ReentrantLock();

  /// @param folder of all snapshots of a database
  Snapshots(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /// Writes a snapshot of a collection and makes it durable.
  SnapshotInfo create(CollectionStore store, byte[] description) throws IOException {
    writing.lock();
    try {
      return write(store, description);
    } finally {
      writing.unlock();
    }
  }

  private SnapshotInfo write(CollectionStore store, byte[] description) throws IOException {
    Path place = folder.resolve(store.name());
    disk.createFolders(place);
    try (Moment moment = store.moment()) {
      Path aside = place.resolve("new.tmp");
      disk.delete(aside);
      try (SnapshotArchive.Writer out = new SnapshotArchive.Writer(disk, aside, description)) {
        for (Moment.File file : moment.files()) {
          out.file(file.name(), file.length(), file.content());
        }
        out.commit();
      } catch (IOException e) {
        disk.delete(aside);
        throw e;
      }
      String name = free(place, "%s-%012d".formatted(store.name(), moment.sequence()));
      disk.rename(aside, place.resolve(name));
      disk.forceFolder(place);
      return info(place, name);
    }
  }

  /// A name that no snapshot has: the same moment can be taken twice.
  private String free(Path place, String stem) throws IOException {
    for (int copy = 1; ; copy++) {
      String name = stem + (copy == 1 ? "" : "-" + copy) + SUFFIX;
      if (!disk.exists(place.resolve(name))) {
        return name;
      }
    }
  }

  /// All snapshots of a collection, by name.
  List<SnapshotInfo> list(String collection) throws IOException {
    Path place = folder.resolve(collection);
    List<SnapshotInfo> all = new ArrayList<>();
    if (disk.exists(place)) {
      for (String name : disk.list(place)) {
        if (name.endsWith(SUFFIX)) {
          all.add(info(place, name));
        }
      }
    }
    return all;
  }

  /// The file of a snapshot; empty when there is none of that name.
  Optional<Path> find(String collection, String name) throws IOException {
    // Only what is listed: a name can be anything that came with a request.
    return list(collection).stream().anyMatch(info -> info.name().equals(name))
        ? Optional.of(folder.resolve(collection).resolve(name))
        : Optional.empty();
  }

  /// Deletes a snapshot; false when there is none of that name.
  boolean delete(String collection, String name) throws IOException {
    Optional<Path> file = find(collection, name);
    if (file.isEmpty()) {
      return false;
    }
    disk.delete(file.get());
    disk.forceFolder(Objects.requireNonNull(file.get().getParent()));
    return true;
  }

  /// Unpacks an archive into an empty folder; answers its description.
  byte[] unpack(InputStream archive, Path into, long maxBytes) throws IOException {
    return SnapshotArchive.unpack("snapshot", archive, disk, into, FILES, maxBytes);
  }

  /// Reads a snapshot to its end.
  ///
  /// @throws io.capsdb.io.CorruptFileException if it is damaged
  static void verify(Disk disk, Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(disk.read(file))) {
      SnapshotArchive.verify(file.toString(), in, FILES);
    }
  }

  private SnapshotInfo info(Path place, String name) throws IOException {
    return new SnapshotInfo(name, disk.size(place.resolve(name)));
  }
}
