package io.capsdb;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.point.PayloadCodec;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.storage.Manifest;
import io.capsdb.storage.SegmentContainer;
import io.capsdb.storage.SettingsFile;
import io.capsdb.vector.SparseVector;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.roaringbitmap.RoaringBitmap;

/// Writes a segment anew from its rows: ids, versions, payloads and vectors. Everything else in it,
/// tables, columns, indexes, graphs, can be made from them.
final class SegmentRepair {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Disk disk;
  private final Path folder;
  private final CollectionConfig config;
  private final long identity;
  private final DatabaseOptions options;

  SegmentRepair(Disk disk, Path folder, CollectionConfig config, long identity) {
    this.identity = identity;
    this.disk = disk;
    this.folder = folder;
    this.config = config;
    this.options = DatabaseOptions.defaults().withDisk(disk);
  }

  /// A row as it stands in the file.
  private record Row(PointId id, long version) {}

  /// Puts another segment in the place of a damaged one, in a manifest that is written.
  ///
  /// @return what the manifest says of the new one; empty when no row was alive
  /// @throws CorruptFileException if the rows are damaged themselves; nothing has changed then
  Optional<Manifest.SegmentEntry> repair(long number) throws IOException {
    Manifest manifest = Manifest.read(disk, folder.resolve("manifest"), identity);
    long next = manifest.nextSegment();
    Optional<Manifest.SegmentEntry> made = Optional.empty();
    List<Manifest.SegmentEntry> entries = new ArrayList<>();
    for (Manifest.SegmentEntry entry : manifest.segments()) {
      if (entry.number() != number) {
        entries.add(entry);
      } else if (build(next, entry)) {
        made = Optional.of(entry(next));
        entries.add(made.get());
      }
    }
    new Manifest(manifest.identity(), manifest.sequence(), next + 1, manifest.firstLog(), entries)
        .write(disk, folder.resolve("manifest"));
    disk.delete(SealedSegment.path(folder, number));
    return made;
  }

  /// A new segment, in which nothing is dead or changed.
  private Manifest.SegmentEntry entry(long number) throws IOException {
    try (SegmentContainer in =
        SegmentContainer.open(disk, SealedSegment.path(folder, number), number)) {
      return new Manifest.SegmentEntry(
          number,
          OptionalInt.of(in.checksum()),
          DeadRows.write(new RoaringBitmap()),
          Overlay.EMPTY.toBytes());
    }
  }

  /// Writes the live rows of a segment into a new one; false when there are none.
  private boolean build(long next, Manifest.SegmentEntry entry) throws IOException {
    List<LiveChunk> chunks = new ArrayList<>();
    Path path = SealedSegment.path(folder, entry.number());
    try (SegmentContainer in = SegmentContainer.open(disk, path, entry.number())) {
      SegmentFiles.requireNamed(path.toString(), in.checksum(), entry);
      read(in, entry, path.toString(), chunks);
      if (chunks.isEmpty()) {
        return false;
      }
      List<SegmentView> views =
          chunks.stream().map(chunk -> SegmentView.of(chunk, new RoaringBitmap())).toList();
      CollectionSettings settings =
          SettingsFile.read(disk, folder.resolve(CollectionStore.SETTINGS), identity)
              .map(CollectionSettings::of)
              .orElse(CollectionSettings.NONE);
      new SegmentBuilder(disk, folder, config, options, List::of, () -> settings)
          .build(next, views, views, _ -> {});
      return true;
    } finally {
      chunks.forEach(Segment::dispose);
    }
  }

  private void read(
      SegmentContainer in, Manifest.SegmentEntry entry, String file, List<LiveChunk> into) {
    List<Row> rows = rows(in.reader("rows"));
    RoaringBitmap dead = DeadRows.read(entry.deadRows(), rows.size());
    CheckedReader changes =
        new CheckedReader("manifest", 0, MemorySegment.ofArray(entry.changes()));
    Overlay overlay = Overlay.read(changes, rows.size());
    Map<String, Map<Integer, float[]>> vectors = vectors(in);
    Map<String, SparsePart> sparse =
        SealedSegment.openSparse(in, rows.size(), SparsePart::openRows);
    MemorySegment starts = in.part("payload-starts");
    MemorySegment payloads = in.part("payloads");
    for (int row = 0; row < rows.size(); row++) {
      if (dead.contains(row)) {
        continue;
      }
      Map<String, float[]> own = new HashMap<>();
      for (Map.Entry<String, Map<Integer, float[]>> part : vectors.entrySet()) {
        float[] vector = part.getValue().get(row);
        if (vector != null) {
          own.put(part.getKey(), vector);
        }
      }
      Map<String, SparseVector> ownSparse = new HashMap<>();
      for (Map.Entry<String, SparsePart> part : sparse.entrySet()) {
        part.getValue().vector(row).ifPresent(vector -> ownSparse.put(part.getKey(), vector));
      }
      Overlay.Change change = overlay.change(row);
      long version = change == null ? rows.get(row).version() : change.version();
      Payload payload = change == null ? payload(file, starts, payloads, row) : change.payload();
      if (into.isEmpty() || into.getLast().room() == 0) {
        into.add(new LiveChunk(into.size(), config, Integer.MAX_VALUE));
      }
      into.getLast()
          .append(new LogRecord.Entry(rows.get(row).id(), own, ownSparse, payload), version);
    }
  }

  private static List<Row> rows(CheckedReader in) {
    int count = in.readLength(17);
    List<Row> rows = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      long version = in.readLong();
      rows.add(new Row(LogRecord.readId(in), version));
    }
    return rows;
  }

  private Map<String, Map<Integer, float[]>> vectors(SegmentContainer in) {
    Map<String, Map<Integer, float[]>> all = new HashMap<>();
    CheckedReader parts = in.reader("parts");
    int count = parts.readLength(12);
    for (int part = 0; part < count; part++) {
      String name = parts.readString();
      parts.readString();
      parts.readInt();
      VectorConfig vector = config.vector(name);
      int[] rowOf = in.ints(part + ".rows");
      VectorMatrix matrix =
          new VectorMatrix(
              in.part(SealedSegment.vectors(part, vector.type())),
              rowOf.length,
              vector.dimension(),
              vector.type());
      Map<Integer, float[]> own = new HashMap<>();
      for (int ordinal = 0; ordinal < rowOf.length; ordinal++) {
        own.put(rowOf[ordinal], matrix.row(ordinal));
      }
      all.put(name, own);
    }
    return all;
  }

  private static Payload payload(
      String file, MemorySegment starts, MemorySegment payloads, int row) {
    long from = starts.get(LONG, 8L * row);
    long end = starts.get(LONG, 8L * row + 8);
    if (from < 0 || end < from || end > payloads.byteSize()) {
      throw new CorruptFileException(file, from, "the payload of row " + row);
    }
    return PayloadCodec.read(new CheckedReader(file, from, payloads.asSlice(from, end - from)));
  }
}
