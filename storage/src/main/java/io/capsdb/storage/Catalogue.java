package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The collections of a database, replaced as a whole when one is created or dropped.
///
/// @param nextFolder number that the next collection's folder gets
public record Catalogue(long nextFolder, List<Entry> entries) {
  private static final long MAGIC = 0x3154414353504143L; // "CAPSCAT1"
  private static final int FORMAT = 2;

  /// What a new database has.
  public static final Catalogue EMPTY = new Catalogue(0, List.of());

  /// @param name of the collection
  /// @param folder number of its folder
  /// @param identity that its files have in them, so that those of another collection are told
  ///     apart; 0 of a collection that catalogues of format 1 named, whose files have none
  /// @param config as the engine writes it
  @SuppressWarnings("ArrayRecordComponent") // opaque here; read once
  public record Entry(String name, long folder, long identity, byte[] config) {}

  public Catalogue {
    entries = List.copyOf(entries);
  }

  public void write(Disk disk, Path file) throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(FORMAT);
    out.writeLong(nextFolder);
    out.writeInt(entries.size());
    for (Entry entry : entries) {
      out.writeString(entry.name());
      out.writeLong(entry.folder());
      out.writeLong(entry.identity());
      out.writeBytes(entry.config());
    }
    AtomicFile.write(disk, file, MAGIC, out.toByteArray());
  }

  /// The catalogue in the file, or [#EMPTY] when there is none.
  ///
  /// @throws io.capsdb.io.CorruptFileException if it is damaged
  public static Catalogue read(Disk disk, Path file) throws IOException {
    Optional<CheckedReader> found = AtomicFile.read(disk, file, MAGIC);
    if (found.isEmpty()) {
      return EMPTY;
    }
    CheckedReader in = found.get();
    int format = in.readInt();
    if (format < 1 || format > FORMAT) {
      throw in.corrupt("catalogue of format " + format + ", this version reads 1 to " + FORMAT);
    }
    long nextFolder = in.readLong();
    int count = in.readLength(16);
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = in.readString();
      long folder = in.readLong();
      long identity = format > 1 ? in.readLong() : 0;
      entries.add(new Entry(name, folder, identity, in.readBytes()));
    }
    return new Catalogue(nextFolder, entries);
  }
}
