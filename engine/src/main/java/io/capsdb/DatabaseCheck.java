package io.capsdb;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.point.PointId;
import io.capsdb.storage.AliasFile;
import io.capsdb.storage.Catalogue;
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
import java.util.Set;
import java.util.function.Consumer;

/// Looks at every byte of the files of a database that nobody has open, and changes nothing.
///
/// Beside the checksums it tells whether what they protect holds together: that segments can be
/// opened, that each payload can be read, that no two live rows have one id, that the log can be
/// replayed.
public final class DatabaseCheck {
  private final Disk disk;
  private final Path folder;
  private final Consumer<String> progress;
  private final List<Finding> findings = new ArrayList<>();
  private long segments;
  private long points;
  private long records;

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
  public record Report(
      List<Finding> findings, int collections, long segments, long points, long records) {
    public Report {
      findings = List.copyOf(findings);
    }

    public boolean isSound() {
      return findings.isEmpty();
    }
  }

  private DatabaseCheck(Disk disk, Path folder, Consumer<String> progress) {
    this.disk = disk;
    this.folder = folder;
    this.progress = progress;
  }

  /// Checks a database.
  ///
  /// @param progress is told what is looked at next
  /// @throws StorageException if there is no database, or if it is open elsewhere
  public static Report run(Disk disk, Path folder, Consumer<String> progress) {
    try {
      if (!disk.exists(folder.resolve("catalogue"))) {
        throw new NoSuchFileException(folder.resolve("catalogue").toString());
      }
      try (Closeable _ = disk.lock(folder.resolve("LOCK"))) {
        return new DatabaseCheck(disk, folder, progress).check();
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
    return new Report(findings, catalogue[0].entries().size(), segments, points, records);
  }

  private void checkCollection(Catalogue.Entry entry) throws IOException {
    progress.accept("collection '" + entry.name() + "'");
    CollectionConfig config = Database.readConfig(entry);
    Path place = folder.resolve("collection-%06d".formatted(entry.folder()));
    Path settings = place.resolve(CollectionStore.SETTINGS);
    noting(settings, () -> SettingsFile.read(disk, settings));
    Path file = place.resolve("manifest");
    Manifest[] manifest = {Manifest.EMPTY};
    if (!noting(file, () -> manifest[0] = Manifest.read(disk, file))) {
      return;
    }
    Set<PointId> ids = new HashSet<>();
    for (Manifest.SegmentEntry segment : manifest[0].segments()) {
      Path path = SealedSegment.path(place, segment.number());
      progress.accept(name(path.toString()));
      noting(path, () -> checkSegment(place, segment, config, ids));
    }
    Path log = place.resolve("log");
    progress.accept(name(log.toString()));
    noting(
        log, () -> WriteAheadLog.replayOnly(disk, place, manifest[0].firstLog(), _ -> records++));
  }

  private void checkSegment(
      Path place, Manifest.SegmentEntry entry, CollectionConfig config, Set<PointId> ids)
      throws IOException {
    segments++;
    Path path = SealedSegment.path(place, entry.number());
    try (SegmentContainer container = SegmentContainer.open(disk, path)) {
      for (String part : container.parts()) {
        noting(path, () -> container.part(part));
      }
    }
    SealedSegment segment = SealedSegment.open(disk, place, entry.number(), config);
    try {
      SegmentView view = SegmentFiles.view(segment, entry);
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
