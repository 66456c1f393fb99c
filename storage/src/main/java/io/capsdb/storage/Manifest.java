package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What is live of one collection: the single truth, replaced as a whole.
///
/// Content: format, identity (formats 1 to 3 had none), sequence, nextSegment, firstLog, number of
/// segments, then each: number, 1 and the checksum of its container or 0 (formats 1 and 2 had
/// none), bytes of its dead rows, bytes of its changed payloads (format 1 had none).
///
/// @param identity of the collection, [Catalogue.Entry#identity]; 0 where it is not known
/// @param sequence number of the last write that segments hold
/// @param nextSegment number that the next segment gets
/// @param firstLog the first log file that holds writes which segments do not
public record Manifest(
    long identity, long sequence, long nextSegment, long firstLog, List<SegmentEntry> segments) {
  private static final long MAGIC = 0x314e414d53504143L; // "CAPSMAN1"
  private static final int FORMAT = 4;

  /// @param number names its container
  /// @param checksum of the container, [SegmentContainer#checksum]; empty where a manifest is older
  /// @param deadRows rows deleted or overwritten since it was sealed, as the engine writes them
  /// @param changes payloads changed since it was sealed, as the engine writes them; may be empty
  @SuppressWarnings("ArrayRecordComponent") // opaque here; read once
  public record SegmentEntry(long number, OptionalInt checksum, byte[] deadRows, byte[] changes) {}

  /// What a new collection has.
  public static final Manifest EMPTY = new Manifest(0, 0, 0, 0, List.of());

  public Manifest {
    segments = List.copyOf(segments);
  }

  public void write(Disk disk, Path file) throws IOException {
    AtomicFile.write(disk, file, MAGIC, content());
  }

  /// The bytes of the file that [#write] writes.
  public byte[] toBytes() {
    return AtomicFile.bytes(MAGIC, content());
  }

  private byte[] content() {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(FORMAT);
    out.writeLong(identity);
    out.writeLong(sequence);
    out.writeLong(nextSegment);
    out.writeLong(firstLog);
    out.writeInt(segments.size());
    for (SegmentEntry segment : segments) {
      out.writeLong(segment.number());
      out.writeByte(segment.checksum().isPresent() ? 1 : 0);
      segment.checksum().ifPresent(out::writeInt);
      out.writeBytes(segment.deadRows());
      out.writeBytes(segment.changes());
    }
    return out.toByteArray();
  }

  /// The manifest of a collection, or [#EMPTY] when there is no file.
  ///
  /// @throws CorruptFileException if it is damaged, or that of another collection
  public static Manifest read(Disk disk, Path file, long identity) throws IOException {
    Manifest found = read(disk, file);
    if (found.identity != 0 && found.identity != identity) {
      throw new CorruptFileException(
          file.toString(), 0, "it is the manifest of another collection");
    }
    return found;
  }

  /// The manifest in the file, whichever collection it is of, or [#EMPTY] when there is none.
  ///
  /// @throws CorruptFileException if it is damaged
  public static Manifest read(Disk disk, Path file) throws IOException {
    Optional<CheckedReader> found = AtomicFile.read(disk, file, MAGIC);
    if (found.isEmpty()) {
      return EMPTY;
    }
    CheckedReader in = found.get();
    int format = in.readInt();
    if (format < 1 || format > FORMAT) {
      throw in.corrupt("manifest of format " + format + ", this version reads 1 to " + FORMAT);
    }
    long identity = format > 3 ? in.readLong() : 0;
    long sequence = in.readLong();
    long nextSegment = in.readLong();
    long firstLog = in.readLong();
    int count = in.readLength(12);
    List<SegmentEntry> segments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      segments.add(
          new SegmentEntry(
              in.readLong(),
              format > 2 && in.readByte() == 1 ? OptionalInt.of(in.readInt()) : OptionalInt.empty(),
              in.readBytes(),
              format == 1 ? new byte[0] : in.readBytes()));
    }
    return new Manifest(identity, sequence, nextSegment, firstLog, segments);
  }
}
