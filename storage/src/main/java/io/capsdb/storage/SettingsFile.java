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
/// | 4 | format |
/// | 8 | identity of the collection, [Catalogue.Entry#identity]; formats 1 and 2 had none |
/// | 4 | number of declared fields; path, type and schema of each as strings |
/// | 1 | after each field: 1 where it tells tenants apart, else 0; format 1 had none |
/// | … | notes, a string |
public record SettingsFile(List<Field> fields, String notes) {
  private static final long MAGIC = 0x3154455353504143L; // "CAPSSET1"
  private static final int FORMAT = 3;

  /// A declared field, as the engine writes it.
  ///
  /// @param isTenant whether it tells tenants apart
  public record Field(String path, String type, boolean isTenant, String schema) {
    /// Of a field that tells no tenants apart.
    public Field(String path, String type, String schema) {
      this(path, type, false, schema);
    }
  }

  public SettingsFile {
    fields = List.copyOf(fields);
  }

  /// @param identity of the collection
  public void write(Disk disk, Path file, long identity) throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(FORMAT);
    out.writeLong(identity);
    out.writeInt(fields.size());
    for (Field field : fields) {
      out.writeString(field.path());
      out.writeString(field.type());
      out.writeString(field.schema());
      out.writeByte(field.isTenant() ? 1 : 0);
    }
    out.writeString(notes);
    AtomicFile.write(disk, file, MAGIC, out.toByteArray());
  }

  /// The settings in a file; empty when there is none.
  ///
  /// @param identity of the collection
  /// @throws io.capsdb.io.CorruptFileException if it is damaged, or that of another collection
  public static Optional<SettingsFile> read(Disk disk, Path file, long identity)
      throws IOException {
    Optional<CheckedReader> found = AtomicFile.read(disk, file, MAGIC);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    CheckedReader in = found.get();
    int format = in.readInt();
    if (format < 1 || format > FORMAT) {
      throw in.corrupt("settings of format " + format + ", this version reads 1 to " + FORMAT);
    }
    long owner = format > 2 ? in.readLong() : 0;
    if (owner != 0 && owner != identity) {
      throw in.corrupt("settings of another collection");
    }
    int count = in.readLength(12);
    List<Field> fields = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String path = in.readString();
      String type = in.readString();
      String schema = in.readString();
      boolean isTenant = format > 1 && in.readByte() != 0;
      fields.add(new Field(path, type, isTenant, schema));
    }
    return Optional.of(new SettingsFile(fields, in.readString()));
  }
}
