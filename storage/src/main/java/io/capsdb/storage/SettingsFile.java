package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a collection was told beside its vectors, replaced as a whole when something changes.
///
/// | bytes | what |
/// |---|---|
/// | 4 | format, 1 |
/// | 4 | number of declared fields; path, type and schema of each as strings |
/// | … | notes, a string |
public record SettingsFile(List<Field> fields, String notes) {
  private static final long MAGIC = 0x3154455353504143L; // "CAPSSET1"
  private static final int FORMAT = 1;

  /// A declared field, as the engine writes it.
  public record Field(String path, String type, String schema) {}

  public SettingsFile {
    fields = List.copyOf(fields);
  }

  public void write(Disk disk, Path file) throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(FORMAT);
    out.writeInt(fields.size());
    for (Field field : fields) {
      out.writeString(field.path());
      out.writeString(field.type());
      out.writeString(field.schema());
    }
    out.writeString(notes);
    AtomicFile.write(disk, file, MAGIC, out.toByteArray());
  }

  /// The settings in a file; empty when there is none.
  ///
  /// @throws io.capsdb.io.CorruptFileException if it is damaged
  public static Optional<SettingsFile> read(Disk disk, Path file) throws IOException {
    Optional<CheckedReader> found = AtomicFile.read(disk, file, MAGIC);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    CheckedReader in = found.get();
    int format = in.readInt();
    if (format != FORMAT) {
      throw in.corrupt("settings of format " + format + ", this version reads " + FORMAT);
    }
    int count = in.readLength(12);
    List<Field> fields = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      fields.add(new Field(in.readString(), in.readString(), in.readString()));
    }
    return Optional.of(new SettingsFile(fields, in.readString()));
  }
}
