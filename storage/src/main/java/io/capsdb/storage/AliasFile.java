package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Other names of collections, replaced as a whole when one of them changes.
///
/// | bytes | what |
/// |---|---|
/// | 4 | format, 1 |
/// | 4 | number of aliases; name and folder number of the collection of each |
///
/// @param folders by alias, the number of the collection's folder: a collection that was dropped
///     and
///     made anew under its name does not inherit aliases
public record AliasFile(Map<String, Long> folders) {
  private static final long MAGIC = 0x31494c4153504143L; // "CAPSALI1"
  private static final int FORMAT = 1;

  public AliasFile {
    folders = Collections.unmodifiableMap(new TreeMap<>(folders));
  }

  public void write(Disk disk, Path file) throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(FORMAT);
    out.writeInt(folders.size());
    folders.forEach(
        (alias, folder) -> {
          out.writeString(alias);
          out.writeLong(folder);
        });
    AtomicFile.write(disk, file, MAGIC, out.toByteArray());
  }

  /// The aliases in a file; none when there is no such file.
  ///
  /// @throws io.capsdb.io.CorruptFileException if it is damaged
  public static AliasFile read(Disk disk, Path file) throws IOException {
    Optional<CheckedReader> found = AtomicFile.read(disk, file, MAGIC);
    if (found.isEmpty()) {
      return new AliasFile(Map.of());
    }
    CheckedReader in = found.get();
    int format = in.readInt();
    if (format != FORMAT) {
      throw in.corrupt("aliases of format " + format + ", this version reads " + FORMAT);
    }
    int count = in.readLength(12);
    Map<String, Long> folders = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      folders.put(in.readString(), in.readLong());
    }
    return new AliasFile(folders);
  }
}
