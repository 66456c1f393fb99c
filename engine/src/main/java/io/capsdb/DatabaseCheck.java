package io.capsdb;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.point.PointId;
import io.capsdb.storage.AliasFile;
import io.capsdb.storage.Catalogue;
import io.capsdb.storage.ChronicleKeys;
import io.capsdb.storage.IdSetFile;
import io.capsdb.storage.KeysFile;
import io.capsdb.storage.Manifest;
import io.capsdb.storage.SegmentContainer;
import io.capsdb.storage.SettingsFile;
import io.capsdb.storage.WriteAheadLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Looks at every byte of the files of a database that nobody has open, snapshots included, and
/// changes nothing unless it is asked to repair.
///
/// Beside the checksums it tells whether what they protect holds together: that segments can be
/// opened, that each payload can be read, that no two live rows have one id, that the log can be
/// replayed.
public final class DatabaseCheck {
  private final Disk disk;
  private final Path folder;
  private final Consumer<String> progress;
  private final boolean isRepairing;
  private final List<Finding> findings = new ArrayList<>();
  private long segments;
  private long points;
  private long records;
  private int repaired;

  /// What is wrong at one place.
  ///
  /// @param file relative to the folder where it is inside
  /// @param offset byte at which it was noticed
  public record Finding(String file, long offset, String what) {}

  /// @param findings empty when all is well
  /// @param collections that the catalogue names
  /// @param segments that were looked at
  /// @param points live ones in segments
  /// @param records in logs
  /// @param repaired files that were made anew; their damage is not among the findings
  public record Report(
      List<Finding> findings,
      int collections,
      long segments,
      long points,
      long records,
      int repaired) {
    public Report {
      findings = List.copyOf(findings);
    }

    public boolean isSound() {
      return findings.isEmpty();
    }
  }

  private DatabaseCheck(Disk disk, Path folder, Consumer<String> progress, boolean isRepairing) {
    this.isRepairing = isRepairing;
    this.disk = disk;
    this.folder = folder;
    this.progress = progress;
  }

  /// Checks a database.
  ///
  /// @param progress is told what is looked at next
  /// @throws StorageException if there is no database, or if it is open elsewhere
  public static Report run(Disk disk, Path folder, Consumer<String> progress) {
    return run(disk, folder, progress, false);
  }

  /// Checks a database and makes anew what can be made from rows: tables, columns and indexes of
  /// segments, and key directories. Damaged rows, logs and manifests stay as they are, and are
  /// told.
  ///
  /// @param progress is told what is looked at next
  /// @throws StorageException if there is no database, or if it is open elsewhere
  public static Report repair(Disk disk, Path folder, Consumer<String> progress) {
    return run(disk, folder, progress, true);
  }

  private static Report run(
      Disk disk, Path folder, Consumer<String> progress, boolean isRepairing) {
    try {
      if (!disk.exists(folder.resolve("catalogue"))) {
        throw new NoSuchFileException(folder.resolve("catalogue").toString());
      }
      try (Closeable _ = disk.lock(folder.resolve("LOCK"))) {
        return new DatabaseCheck(disk, folder, progress, isRepairing).check();
      }
    } catch (IOException e) {
      throw new StorageException(
          "cannot check the database in " + folder + ": " + e.getMessage(), e);
    }
  }

  /// A look at something that may be damaged.
  private interface Look {
    void at() throws IOException;
  }

  /// Notes what a look comes upon; false when it came to an end early.
  private boolean noting(Path file, Look look) throws IOException {
    try {
      look.at();
      return true;
    } catch (CorruptFileException e) {
      findings.add(new Finding(name(e.file()), e.offset(), String.valueOf(e.getMessage())));
    } catch (NoSuchFileException e) {
      findings.add(new Finding(name(file.toString()), 0, "the file is missing"));
    } catch (RuntimeException e) {
      findings.add(new Finding(name(file.toString()), 0, "it cannot be read: " + e));
    }
    return false;
  }

  private String name(String file) {
    String own = folder + "/";
    return file.startsWith(own) ? file.substring(own.length()) : file;
  }

  private Report check() throws IOException {
    Catalogue[] catalogue = {Catalogue.EMPTY};
    Path file = folder.resolve("catalogue");
    noting(file, () -> catalogue[0] = Catalogue.read(disk, file));
    Path aliases = folder.resolve("aliases");
    noting(aliases, () -> AliasFile.read(disk, aliases));
    for (Catalogue.Entry entry : catalogue[0].entries()) {
      noting(file, () -> checkCollection(entry));
    }
    checkSnapshots();
    return new Report(findings, catalogue[0].entries().size(), segments, points, records, repaired);
  }

  private void checkSnapshots() throws IOException {
    Path place = folder.resolve("snapshots");
    if (!disk.exists(place)) {
      return;
    }
    for (String collection : disk.list(place)) {
      for (String name : disk.list(place.resolve(collection))) {
        if (name.endsWith(".snapshot")) {
          Path file = place.resolve(collection).resolve(name);
          progress.accept(name(file.toString()));
          noting(file, () -> Snapshots.verify(disk, file));
        }
      }
    }
  }

  private void checkKeys(Path place) throws IOException {
    int before = findings.size();
    Path path = KeysFile.path(place);
    noting(
        path,
        () -> {
          Optional<KeysFile> keys = KeysFile.read(disk, place);
          if (keys.isPresent()) {
            for (KeysFile.Shard shard : keys.get().shards()) {
              ChronicleKeys.verify(disk, place, shard);
            }
          }
        });
    if (isRepairing && findings.size() > before) {
      // The next writer that needs it makes it anew.
      ChronicleKeys.deleteFiles(disk, place);
      forget(before);
    }
  }

  /// What was found since is repaired.
  private void forget(int before) {
    findings.subList(before, findings.size()).clear();
    repaired++;
  }

  private void checkCollection(Catalogue.Entry entry) throws IOException {
    progress.accept("collection '" + entry.name() + "'");
    CollectionConfig config = Database.readConfig(entry);
    Path place = folder.resolve("collection-%06d".formatted(entry.folder()));
    Path settings = place.resolve(CollectionStore.SETTINGS);
    noting(settings, () -> SettingsFile.read(disk, settings, entry.identity()));
    for (String name : disk.exists(place) ? disk.list(place) : List.<String>of()) {
      if (name.matches(IdSets.FILES)) {
        Path set = place.resolve(name);
        noting(set, () -> IdSetFile.read(disk, set));
      }
    }
    Path file = place.resolve("manifest");
    Manifest[] manifest = {Manifest.EMPTY};
    if (!noting(file, () -> manifest[0] = Manifest.read(disk, file, entry.identity()))) {
      return;
    }
    Set<PointId> ids = new HashSet<>();
    for (Manifest.SegmentEntry segment : manifest[0].segments()) {
      Path path = SealedSegment.path(place, segment.number());
      progress.accept(name(path.toString()));
      int before = findings.size();
      Set<PointId> earlier = isRepairing ? Set.copyOf(ids) : Set.of();
      noting(path, () -> checkSegment(place, segment, config, ids));
      if (isRepairing && findings.size() > before) {
        ids.retainAll(earlier);
        repairSegment(place, segment, config, entry.identity(), ids, before);
      }
    }
    checkKeys(place);
    Path log = place.resolve("log");
    progress.accept(name(log.toString()));
    noting(
        log,
        () ->
            WriteAheadLog.replayOnly(
                disk, place, entry.identity(), manifest[0].firstLog(), _ -> records++));
  }

  /// Makes a segment anew and looks at the new one; the old findings stay where that cannot be.
  private void repairSegment(
      Path place,
      Manifest.SegmentEntry old,
      CollectionConfig config,
      long identity,
      Set<PointId> ids,
      int before)
      throws IOException {
    Path path = SealedSegment.path(place, old.number());
    progress.accept("repairing " + name(path.toString()));
    Optional<Manifest.SegmentEntry> made;
    try {
      made = new SegmentRepair(disk, place, config, identity).repair(old.number());
    } catch (CorruptFileException | NoSuchFileException e) {
      return; // its rows are damaged themselves, which is among the findings
    }
    forget(before);
    if (made.isPresent()) {
      noting(
          SealedSegment.path(place, made.get().number()),
          () -> checkSegment(place, made.get(), config, ids));
    }
  }

  private void checkSegment(
      Path place, Manifest.SegmentEntry entry, CollectionConfig config, Set<PointId> ids)
      throws IOException {
    int before = findings.size();
    Path path = SealedSegment.path(place, entry.number());
    try (SegmentContainer container = SegmentContainer.open(disk, path, entry.number())) {
      for (String part : container.parts()) {
        noting(path, () -> container.part(part));
      }
      if (findings.size() == before) {
        container.verify(_ -> {});
      }
    }
    SealedSegment segment = SealedSegment.open(disk, place, entry.number(), config);
    try {
      SegmentView view = SegmentFiles.view(segment, entry);
      segments++;
      for (int row = 0; row < view.rowCount(); row++) {
        view.payload(row);
        if (view.isLive(row)) {
          points++;
          PointId id = segment.id(row);
          if (!ids.add(id)) {
            throw new CorruptFileException(
                path.toString(), 0, "point " + id + " is live in another place, too");
          }
        }
      }
    } finally {
      segment.dispose();
    }
  }
}
