package io.capsdb;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.storage.Manifest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// The files of a collection's segments and the manifest that names the live ones. For the one that
/// holds the writer lock.
///
/// When a manifest could not be written, nobody knows whether the old or the new one is on the
/// disk. So the segment that only the new one names keeps its file until a later manifest, which
/// does not name it, was written.
final class SegmentFiles {
  private final Disk disk;
  private final Path folder;
  private final CollectionConfig config;
  private final long identity;
  private final Set<Long> abandoned = new HashSet<>();

  /// @param identity of the collection
  SegmentFiles(Disk disk, Path folder, CollectionConfig config, long identity) {
    this.disk = disk;
    this.folder = folder;
    this.config = config;
    this.identity = identity;
  }

  Manifest readManifest() throws IOException {
    return Manifest.read(disk, folder.resolve("manifest"), identity);
  }

  /// Opens the segments that a manifest names; none stays open if one cannot be.
  List<SegmentView> open(Manifest manifest) throws IOException {
    List<SegmentView> views = new ArrayList<>();
    try {
      for (Manifest.SegmentEntry entry : manifest.segments()) {
        SealedSegment segment = open(entry.number());
        try {
          views.add(view(segment, entry));
        } catch (RuntimeException e) {
          segment.dispose();
          throw e;
        }
      }
      return views;
    } catch (IOException | RuntimeException e) {
      views.forEach(view -> view.segment().dispose());
      throw e;
    }
  }

  /// A segment as a manifest shows it.
  ///
  /// @throws io.capsdb.io.CorruptFileException if the two do not fit
  static SegmentView view(SealedSegment segment, Manifest.SegmentEntry entry) {
    requireNamed(segment.file(), segment.checksum(), entry);
    RoaringBitmap dead = DeadRows.read(entry.deadRows(), segment.rowCount());
    CheckedReader changes =
        new CheckedReader("manifest", 0, MemorySegment.ofArray(entry.changes()));
    return SegmentView.of(segment, dead)
        .withChanges(Overlay.read(changes, segment.rowCount()).changes());
  }

  /// Sees to it that a file is the one that a manifest names, and not that of another collection.
  ///
  /// @throws io.capsdb.io.CorruptFileException if it is another one
  static void requireNamed(String file, int checksum, Manifest.SegmentEntry entry) {
    if (entry.checksum().isPresent() && entry.checksum().getAsInt() != checksum) {
      throw new CorruptFileException(file, 0, "it is not the file that the manifest names");
    }
  }

  SealedSegment open(long number) throws IOException {
    return SealedSegment.open(disk, folder, number, config);
  }

  /// Deletes files that no manifest names: of a build or a merge that a crash cut short.
  void deleteLeftOvers(Manifest manifest) throws IOException {
    List<String> named =
        manifest.segments().stream()
            .map(entry -> String.valueOf(SealedSegment.path(folder, entry.number()).getFileName()))
            .toList();
    for (String file : disk.list(folder)) {
      if (file.endsWith(".tmp") || (file.startsWith("segment-") && !named.contains(file))) {
        disk.delete(folder.resolve(file));
      }
    }
  }

  /// Makes a set the one that is opened next time.
  void writeManifest(SegmentSet set, long nextSegment, long firstLog) throws IOException {
    manifest(set, nextSegment, firstLog).write(disk, folder.resolve("manifest"));
    for (long number : abandoned) {
      disk.delete(SealedSegment.path(folder, number));
    }
    abandoned.clear();
  }

  /// The manifest of a set.
  Manifest manifest(SegmentSet set, long nextSegment, long firstLog) {
    List<Manifest.SegmentEntry> entries = new ArrayList<>();
    for (SegmentView view : set.views()) {
      if (view.segment() instanceof SealedSegment sealed) {
        entries.add(
            new Manifest.SegmentEntry(
                sealed.number(),
                OptionalInt.of(sealed.checksum()),
                DeadRows.write(view.dead()),
                view.overlay().toBytes()));
      }
    }
    return new Manifest(identity, set.sequence(), nextSegment, firstLog, entries);
  }

  /// Has the file of a segment that came to nothing deleted after the next manifest.
  void abandon(long number) {
    abandoned.add(number);
  }

  /// Whether files wait for the next manifest to be deleted.
  boolean hasAbandoned() {
    return !abandoned.isEmpty();
  }
}
