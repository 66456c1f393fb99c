package io.capsdb;

import io.capsdb.io.Disk;
import io.capsdb.storage.SnapshotArchive;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The snapshots of the collections of one database: archives in a folder of its own for each
/// collection. They outlive their collection. Safe for use by many threads; snapshots are written
/// one after the other, those of one collection only when they are asked for one after the other.
final class Snapshots {
  private static final String SUFFIX = ".snapshot";

  /// Ends the name of the file that holds the checksum of a snapshot.
  private static final String SUM = ".sha256";

  private static final int SUM_DIGITS = 64;
  private static final int PIECE = 1 << 20;

  /// What a collection's folder can hold: see [SnapshotArchive#unpack].
  private static final String FILES =
      "manifest|settings|segment-[0-9]{12}\\.caps|log-[0-9]{12}\\.wal|" + IdSets.FILES;

  private final Disk disk;
  private final Reserve reserve;
  private final Path folder;

  /// Held while one is written: all are written to the same name aside, which a crash may leave and
  /// the next one replaces.
  private final ReentrantLock writing = new ReentrantLock();

  /// The collections that one is being made of, or waits to be: a second one would take a thread of
  /// its caller for as long, to hold nearly the same.
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  /// @param folder of all snapshots of a database
  Snapshots(Reserve reserve, Path folder) {
    this.disk = reserve.disk();
    this.reserve = reserve;
    this.folder = folder;
  }

  /// Writes a snapshot of a collection and makes it durable.
  ///
  /// @throws OverloadedException if one of this collection is being made already
  SnapshotInfo create(CollectionStore store, byte[] description) throws IOException {
    if (!asked.add(store.name())) {
      throw new OverloadedException(
          "a snapshot of collection '" + store.name() + "' is being made already");
    }
    try {
      writing.lock();
      try {
        return write(store, description);
      } finally {
        writing.unlock();
      }
    } finally {
      asked.remove(store.name());
    }
  }

  private SnapshotInfo write(CollectionStore store, byte[] description) throws IOException {
    Path place = place(store.name());
    disk.createFolders(place);
    try (Moment moment = store.moment()) {
      Path aside = place.resolve("new.tmp");
      disk.delete(aside);
      reserve.require(place, moment.bytes());
      try (SnapshotArchive.Writer out = new SnapshotArchive.Writer(disk, aside, description)) {
        for (Moment.File file : moment.files()) {
          out.file(file.name(), file.length(), file.content());
        }
        out.commit();
      } catch (IOException e) {
        disk.delete(aside);
        throw e;
      }
      String name =
          free(place, "%s-%012d".formatted(CollectionNames.stem(store.name()), moment.sequence()));
      writeSum(place, name, sum(aside));
      disk.rename(aside, place.resolve(name));
      disk.forceFolder(place);
      return info(place, name);
    }
  }

  private String sum(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    try (InputStream in = disk.read(file)) {
      byte[] piece = new byte[PIECE];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        digest.update(piece, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Before the snapshot has its name. One of a snapshot that never came is replaced by the next.
  private void writeSum(Path place, String name, String sum) throws IOException {
    Path aside = place.resolve("new-sum.tmp");
    disk.delete(aside);
    try (Disk.AppendFile out = disk.create(aside)) {
      out.write(ByteBuffer.wrap(sum.getBytes(StandardCharsets.US_ASCII)));
      out.force();
    }
    disk.rename(aside, place.resolve(name + SUM));
  }

  /// What was written beside a snapshot; older ones have nothing.
  private Optional<String> readSum(Path place, String name) throws IOException {
    Path file = place.resolve(name + SUM);
    if (!disk.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = disk.read(file)) {
      String sum = new String(in.readNBytes(SUM_DIGITS + 1), StandardCharsets.US_ASCII);
      return Optional.of(sum).filter(text -> text.matches("[0-9a-f]{64}"));
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
    return list(place(collection));
  }

  private Path place(String collection) {
    return folder.resolve(CollectionNames.folder(collection));
  }

  private List<SnapshotInfo> list(Path place) throws IOException {
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
    return find(place(collection), name);
  }

  /// The file of a snapshot by the folder that it is in.
  ///
  /// @param place a folder in that of all snapshots
  Optional<Path> find(Path place, String name) throws IOException {
    // Only what is listed: a name can be anything that came with a request.
    return list(place).stream().anyMatch(info -> info.name().equals(name))
        ? Optional.of(place.resolve(name))
        : Optional.empty();
  }

  /// Deletes a snapshot; false when there is none of that name.
  boolean delete(String collection, String name) throws IOException {
    Optional<Path> file = find(collection, name);
    if (file.isEmpty()) {
      return false;
    }
    disk.delete(file.get());
    disk.delete(place(collection).resolve(name + SUM));
    disk.forceFolder(Objects.requireNonNull(file.get().getParent()));
    return true;
  }

  /// Unpacks an archive into an empty folder; answers its description.
  ///
  /// @throws io.capsdb.io.NoRoomException if it would take of the reserve
  byte[] unpack(InputStream archive, Path into, long maxBytes) throws IOException {
    return SnapshotArchive.unpack(
        "snapshot", archive, disk, into, FILES, maxBytes, bytes -> reserve.require(into, bytes));
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
    return new SnapshotInfo(name, disk.size(place.resolve(name)), readSum(place, name));
  }
}
